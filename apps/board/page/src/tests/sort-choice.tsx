import type { JSX } from 'preact';
import type { Listing } from '../route/listing.ts';
import { columns } from './columns.ts';

interface SortChoiceProps {
  readonly listing: Listing;
  change(listing: Partial<Listing>): void;
}

/** Sorting where the table has no room for headings. */
export function SortChoice({ listing, change }: SortChoiceProps): JSX.Element {
  const sorted = (value: string): void => {
    const column = columns.find(({ sort }) => value.startsWith(`${sort} `));
    if (column) change({ sort: column.sort, order: value.endsWith(' asc') ? 'asc' : 'desc' });
  };
  return (
    <label class="sort-choice">
      <span class="label">Sort by</span>
      <select value={`${listing.sort} ${listing.order}`} onChange={(event) => sorted(event.currentTarget.value)}>
        {columns.flatMap(({ sort, name }) =>
          (['asc', 'desc'] as const).map((order) => (
            <option key={`${sort} ${order}`} value={`${sort} ${order}`}>
              {name} {order === 'asc' ? '▲' : '▼'}
            </option>
          )),
        )}
      </select>
    </label>
  );
}

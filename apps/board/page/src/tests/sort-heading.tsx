import type { JSX } from 'preact';
import type { Listing, Sort } from '../route/listing.ts';
import { sortedBy } from './sorted-by.ts';

interface SortHeadingProps {
  readonly sort: Sort;
  readonly name: string;
  readonly listing: Listing;
  change(listing: Partial<Listing>): void;
}

/** A column's heading, which sorts by it. */
export function SortHeading({ sort, name, listing, change }: SortHeadingProps): JSX.Element {
  const chosen = listing.sort === sort;
  const direction = listing.order === 'asc' ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={chosen ? direction : 'none'}>
      <button type="button" onClick={() => change(sortedBy(listing, sort))}>
        {name}
        <span class="arrow" aria-hidden="true">
          {chosen && (listing.order === 'asc' ? '▲' : '▼')}
        </span>
      </button>
    </th>
  );
}

import type { JSX } from 'preact';
import { type Listing, type Sort, testHref } from './addresses.ts';
import { type TestRow, typeClass, typeNames } from './answers.ts';
import { Link } from './route.tsx';
import { dateAndTime, dateText } from './words.ts';

const columns: readonly { readonly sort: Sort; readonly name: string }[] = [
  { sort: 'title', name: 'Test' },
  { sort: 'category', name: 'Type' },
  { sort: 'workspace_name', name: 'Workspace' },
  { sort: 'ordered_at', name: 'Ordered' },
  { sort: 'classified_at', name: 'Classified' },
];

interface SortingProps {
  readonly listing: Listing;
  change(listing: Partial<Listing>): void;
}

interface TestsTableProps extends SortingProps {
  readonly tests: readonly TestRow[];
  /** True while the rows still belong to another listing. */
  readonly busy: boolean;
}

/** A page of tests. */
export function TestsTable({ tests, busy, listing, change }: TestsTableProps): JSX.Element {
  const direction = listing.order === 'asc' ? 'ascending' : 'descending';
  return (
    <table class="listing" aria-busy={busy} aria-labelledby="tests-title">
      <thead>
        <tr>
          {columns.map(({ sort, name }) => (
            <th key={sort} scope="col" aria-sort={listing.sort === sort ? direction : 'none'}>
              <button type="button" onClick={() => change(sortedBy(listing, sort))}>
                {name}
                <span class="arrow" aria-hidden="true">
                  {listing.sort === sort && arrows[listing.order]}
                </span>
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tests.map((test) => (
          <TestLine key={test.test_uuid} test={test} />
        ))}
      </tbody>
    </table>
  );
}

const arrows = { asc: '▲', desc: '▼' };

/** The order after a click on a heading: reversed, or by that column; times begin with the newest. */
function sortedBy(listing: Listing, sort: Sort): Pick<Listing, 'sort' | 'order'> {
  if (listing.sort === sort) return { sort, order: listing.order === 'asc' ? 'desc' : 'asc' };
  return { sort, order: sort === 'ordered_at' || sort === 'classified_at' ? 'desc' : 'asc' };
}

/** Sorting where the table has no room for headings. */
export function SortChoice({ listing, change }: SortingProps): JSX.Element {
  const choices = columns.flatMap(({ sort, name }) =>
    (['asc', 'desc'] as const).map((order) => ({ sort, order, name, value: `${sort} ${order}` })),
  );
  const choose = (value: string): void => {
    const chosen = choices.find((choice) => choice.value === value);
    if (chosen) change({ sort: chosen.sort, order: chosen.order });
  };
  return (
    <label class="sort-choice">
      <span class="label">Sort by</span>
      <select value={`${listing.sort} ${listing.order}`} onChange={(event) => choose(event.currentTarget.value)}>
        {choices.map(({ value, name, order }) => (
          <option key={value} value={value}>
            {name} {arrows[order]}
          </option>
        ))}
      </select>
    </label>
  );
}

/** One test. The whole row leads to its page. */
function TestLine({ test }: { test: TestRow }): JSX.Element {
  const { test_uuid: uuid, category, ordered_at, classified_at, error, certainty } = test;
  const type = category ?? 'undecided';
  return (
    <tr>
      <th scope="row">
        <Link href={testHref(uuid)} id={`row-${uuid}`} class="title">
          <bdi>{test.title || 'Without a title'}</bdi>
        </Link>
        <code class="uuid">{uuid}</code>
      </th>
      <td>
        <span class={category === null ? 'chip open' : 'chip'}>
          <i class={`swatch ${typeClass(type)}`} />
          {typeNames[type]}
        </span>
        {certainty !== null && certainty !== 'final' && <small class="flag weak">{certainty}</small>}
        {error !== null && <small class="flag bad">{error}</small>}
        {!test.listed && <small class="flag">no longer listed</small>}
      </td>
      <td>
        <bdi>{test.workspace_name || test.workspace_uuid}</bdi>
      </td>
      <td class="time" title={dateAndTime(ordered_at)} data-name="Ordered">
        {dateText(ordered_at)}
      </td>
      <td class="time" title={dateAndTime(classified_at)} data-name="Classified">
        {dateText(classified_at)}
      </td>
    </tr>
  );
}

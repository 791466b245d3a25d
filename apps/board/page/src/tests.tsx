import { countOf, numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { downloadUrl, type Listing, listingHref, type Sort, testHref, testsUrl } from './addresses.ts';
import { type Summary, type TestRow, type TestsPage, typeClass, typeNames } from './answers.ts';
import type { Answered } from './board-api.ts';
import { Filters } from './filters.tsx';
import { NotShown, Panel } from './panel.tsx';
import { Link, useRoute } from './route.tsx';
import { dateAndTime, dateText } from './words.ts';

/** Tests on a full page, as the API has it. */
const pageSize = 50;

interface TestsProps {
  readonly summary: Summary;
  readonly found: Answered<TestsPage>;
}

/** The tests, with filters, order, pages and files of the result. */
export function Tests({ found, summary }: TestsProps): JSX.Element {
  const { go, view } = useRoute();
  const { listing } = view;
  const { answer, problem, url } = found;
  const change = (changed: Partial<Listing>): void => go(listingHref({ ...listing, ...changed, cursor: '', page: 1 }));
  const downloads = (
    <>
      <a href={downloadUrl(listing, 'csv')} download>
        CSV
      </a>{' '}
      ·{' '}
      <a href={downloadUrl(listing, 'ndjson')} download>
        NDJSON
      </a>
    </>
  );
  return (
    <Panel id="tests" heading="h1" title="Tests" note={downloads}>
      <Filters listing={listing} summary={summary} change={change} />
      <NotShown problem={problem} />
      <div class="range">
        <p role="status">{answer !== null && rangeText(answer, listing.page)}</p>
        <SortChoice listing={listing} change={change} />
        <Pager next={answer?.next ?? null} />
      </div>
      {answer !== null && answer.tests.length > 0 && (
        <TestsTable tests={answer.tests} listing={listing} busy={url !== testsUrl(listing)} change={change} />
      )}
      {answer !== null && answer.tests.length > 20 && (
        <div class="range below">
          <Pager next={answer.next} label="Pages, below the table" />
        </div>
      )}
    </Panel>
  );
}

/** Which of the matching tests are shown: `51–100 of 1,204 tests`. @param page from 1 */
function rangeText({ tests, total }: TestsPage, page: number): string {
  if (tests.length === 0) return total === 0 ? 'No test matches' : 'No more tests';
  const from = (page - 1) * pageSize + 1;
  const to = from + tests.length - 1;
  const all = countOf(total, 'test');
  return from === 1 && to === total ? all : `${numberText(from)}–${numberText(to)} of ${all}`;
}

/**
 * Forward and back through the pages of tests. On an address from elsewhere only the way to the first page is known.
 * @param next cursor of the page after this one
 */
function Pager({ next, label = 'Pages' }: { next: string | null; label?: string }): JSX.Element {
  const { go, view, entry } = useRoute();
  const { listing } = view;
  const previous = entry.trail.at(-1);
  const turn = (cursor: string, page: number, trail: readonly string[]) => (): void =>
    go(listingHref({ ...listing, cursor, page }), { trail, show: 'tests' });
  const buttons = [
    { name: 'First', turn: listing.page > 1 && turn('', 1, []) },
    {
      name: 'Previous',
      turn: listing.page > 1 && previous !== undefined && turn(previous, listing.page - 1, entry.trail.slice(0, -1)),
    },
    { name: 'Next', turn: next !== null && turn(next, listing.page + 1, [...entry.trail, listing.cursor]) },
  ];
  return (
    <nav class="pager" aria-label={label}>
      {buttons.map(({ name, turn }) => (
        <button key={name} type="button" disabled={!turn} onClick={turn || undefined}>
          {name}
        </button>
      ))}
    </nav>
  );
}

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

function TestsTable({ tests, busy, listing, change }: TestsTableProps): JSX.Element {
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
function SortChoice({ listing, change }: SortingProps): JSX.Element {
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

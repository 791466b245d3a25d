import { countOf, numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { downloadUrl, type Listing, listingHref, testsUrl } from './addresses.ts';
import type { Summary, TestsPage } from './answers.ts';
import type { Answered } from './board-api.ts';
import { Filters } from './filters.tsx';
import { Panel } from './panel.tsx';
import { useRoute } from './route.tsx';
import { SortChoice, TestsTable } from './tests-table.tsx';

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
      {problem !== null && problem.status !== null && (
        <p class="problem" role="alert">
          {problem.message}
        </p>
      )}
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

import type { JSX } from 'preact';
import type { WorkspaceCounts } from '../answers/summary.ts';
import type { TestsPage } from '../answers/test-row.ts';
import type { Answered } from '../ask/use-answer.ts';
import type { Listing } from '../route/listing.ts';
import { downloadUrl, testsUrl } from '../route/tests-url.ts';
import type { Route } from '../route/use-route.ts';
import { listingHref } from '../route/view.ts';
import { Filters } from './filters.tsx';
import { Pager } from './pager.tsx';
import { rangeText } from './range-text.ts';
import { SortChoice } from './sort-choice.tsx';
import { TestsTable } from './tests-table.tsx';

interface TestsProps {
  readonly route: Route;
  readonly found: Answered<TestsPage>;
  readonly workspaces: readonly WorkspaceCounts[];
}

/** The tests, with search, filters, order, pages and files of what is found. */
export function Tests({ route, found, workspaces }: TestsProps): JSX.Element {
  const { go, mark } = route;
  const { listing } = route.view;
  const { answer, problem, url } = found;
  const change = (changed: Partial<Listing>, typing = false): void =>
    go(listingHref({ ...listing, ...changed, cursor: '', page: 1 }), { replace: typing });
  const pager = <Pager listing={listing} trail={mark.trail} next={answer?.next ?? null} go={go} />;
  return (
    <section class="panel tests" id="tests" aria-labelledby="tests-title" tabIndex={-1}>
      <header class="panel-head">
        <h2 id="tests-title">Tests</h2>
        <p>
          <a href={downloadUrl(listing, 'csv')} download>
            CSV
          </a>{' '}
          ·{' '}
          <a href={downloadUrl(listing, 'ndjson')} download>
            NDJSON
          </a>
        </p>
      </header>
      <Filters listing={listing} workspaces={workspaces} change={change} />
      {problem !== null && problem.status !== null && (
        <p class="problem" role="alert">
          {problem.message}
        </p>
      )}
      <div class="range">
        <p role="status">{answer !== null && rangeText(answer, listing.page)}</p>
        <SortChoice listing={listing} change={change} />
        {pager}
      </div>
      {answer !== null && answer.tests.length > 0 && (
        <TestsTable page={answer} listing={listing} busy={url !== testsUrl(listing)} change={change} go={go} />
      )}
      {answer !== null && answer.tests.length > 20 && <div class="range below">{pager}</div>}
    </section>
  );
}

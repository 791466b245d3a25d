import { runProgress } from '@inventory/status/health';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { listingHref, testsUrl } from './addresses.ts';
import { Ages } from './ages.tsx';
import type { Summary, TestsPage } from './answers.ts';
import { type Answered, useAnswer, useSummary } from './board-api.ts';
import { Errors } from './errors.tsx';
import { Figures } from './figures.tsx';
import { PastRuns } from './past-runs.tsx';
import { Link, useRoute } from './route.tsx';
import { staleText } from './status-line.ts';
import { StatusPanel } from './status-panel.tsx';
import { TestPage } from './test-page.tsx';
import { Tests } from './tests.tsx';
import { shareOf } from './words.ts';
import { Workspaces } from './workspaces.tsx';

const name = 'Test inventory';

/** The page: the status, and below it the inventory or one test. */
export function App(): JSX.Element {
  const { test, listing } = useRoute().view;
  const { summary, clockOffset, problem } = useSummary();
  const version = summary === null ? '' : versionOf(summary);
  // Asked here and not in the table, so that the way back from a test finds the table as it was.
  const found = useAnswer<TestsPage>(test === null && summary !== null ? testsUrl(listing) : null, version);
  const lastListing = useRef('./');
  useEffect(() => {
    if (test === null) lastListing.current = listingHref(listing);
  }, [test, listing]);
  useReturnFocus(test);
  useTitle(summary, test);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <Link href="./" class="name">
          {name}
        </Link>
        <nav aria-label="Board">
          {summary !== null && summary.tests.total > 0 && test === null && <a href="#tests">Tests</a>}
          <a href="queues">Queues</a>
        </nav>
      </header>
      <div class="stale-notice" role="alert">
        {staleText(problem, summary)}
      </div>
      <main id="main" class={problem !== null || summary?.stale ? 'stale' : ''}>
        {summary === null && <p class="loading">{problem === null ? 'Loading …' : 'The board can’t be reached.'}</p>}
        {summary !== null && test === null && (
          <>
            <StatusPanel summary={summary} clockOffset={clockOffset} />
            <Inventory summary={summary} found={found} />
          </>
        )}
        {test !== null && <TestPage key={test} uuid={test} back={lastListing.current} version={version} />}
      </main>
    </>
  );
}

/** The whole library: figures, ages, workspaces, errors, past runs and the table of tests. */
function Inventory({ summary, found }: { summary: Summary; found: Answered<TestsPage> }): JSX.Element {
  const { workspaces } = summary;
  const hasTests = summary.tests.total > 0;
  return (
    <>
      {hasTests && (
        <>
          <Figures summary={summary} />
          <div class="pair">
            <Ages months={summary.by_month} />
            <Workspaces workspaces={workspaces} />
          </div>
        </>
      )}
      <Errors errors={summary.errors} workspaces={workspaces} />
      <PastRuns history={summary.history} workspaces={workspaces} />
      {hasTests && <Tests found={found} workspaces={workspaces} />}
    </>
  );
}

/** A text that changes when a test may have changed: then the table and the page of a test are requested again. */
function versionOf({ tests, last_verdict_at, errors }: Summary): string {
  return JSON.stringify([tests, last_verdict_at, errors.recent.at(0)]);
}

/** Focuses the row of a test when the reader comes back from its page. @param test UUID of the test shown, or null */
function useReturnFocus(test: string | null): void {
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (test === null && before.current !== null) {
      document.getElementById(`row-${before.current}`)?.focus({ preventScroll: true });
    }
    before.current = test;
  }, [test]);
}

/** Names the window after the test that it shows, or by the progress of the run. */
function useTitle(summary: Summary | null, test: string | null): void {
  const { done, selected } = runProgress(summary ?? { runs: [], tests: { open: 0 } });
  const progress = selected === 0 ? '' : `${shareOf(done, selected)} · `;
  const title = test === null ? `${progress}${name}` : `${test.slice(0, 8)} · ${name}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

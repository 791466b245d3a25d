import { runProgress } from '@inventory/status/health';
import { shareOf } from '@inventory/status/words';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { BurnDown, Recent, Throughput } from './activity.tsx';
import { listingHref, overviewHref, runHref, runsHref, testsUrl, type View } from './addresses.ts';
import { Ages } from './ages.tsx';
import type { Summary, TestsPage } from './answers.ts';
import { useAnswer, useSummary } from './board-api.ts';
import { Installed } from './command.tsx';
import { Errors } from './errors.tsx';
import { Figures } from './figures.tsx';
import { StatusPanel, Trouble } from './health.tsx';
import { Link, useRoute } from './route.tsx';
import { RunPage, Runs } from './runs.tsx';
import { Search } from './search.tsx';
import { Steps } from './steps.tsx';
import { TestPage } from './test-page.tsx';
import { Tests } from './tests.tsx';
import { Workspaces } from './workspaces.tsx';

const product = 'Test inventory';
const allTestsHref = listingHref({});
const views = [
  { name: 'overview', href: overviewHref, text: 'Overview' },
  { name: 'tests', one: 'test', href: allTestsHref, text: 'Tests' },
  { name: 'runs', one: 'run', href: runsHref, text: 'Runs' },
] as const;

/** The page: the head with the search, and below it the overview, the table of tests, the runs, or one test. */
export function App(): JSX.Element {
  const { name, run, test, listing } = useRoute().view;
  const latest = useSummary();
  const { summary, clockOffset, problem } = latest;
  const version = summary === null ? '' : versionOf(summary);
  // Asked here and not in the table, so that the way back from a test finds the table as it was.
  const found = useAnswer<TestsPage>(name === 'tests' && summary !== null ? testsUrl(listing) : null, version);
  const back = useRef({ href: allTestsHref, text: 'All tests' });
  useEffect(() => {
    if (name === 'overview') back.current = { href: overviewHref, text: 'Overview' };
    if (name === 'tests') back.current = { href: listingHref(listing), text: 'All tests' };
    if (run !== null) back.current = { href: runHref(run), text: 'Run' };
  }, [name, listing, run]);
  useReturnFocus(test);
  useTitle(summary, name, test);
  return (
    <Installed.Provider value={summary?.installed ?? false}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <Head account={summary?.account ?? ''} shown={name} />
        <Trouble {...latest} isOverview={name === 'overview'} />
      </header>
      <main id="main" class={problem !== null || summary?.stale ? 'stale' : ''}>
        {summary === null && <p class="loading">{problem === null ? 'Loading …' : 'The board can’t be reached.'}</p>}
        {summary !== null && name === 'overview' && (
          <Overview summary={summary} clockOffset={clockOffset} version={version} />
        )}
        {summary !== null && name === 'tests' && <Tests found={found} summary={summary} />}
        {summary !== null && name === 'runs' && <Runs summary={summary} />}
        {summary !== null && run !== null && (
          <RunPage key={run} id={run} workspaces={summary.workspaces} version={version} />
        )}
        {test !== null && <TestPage key={test} uuid={test} back={back.current} version={version} />}
      </main>
    </Installed.Provider>
  );
}

/** Whose inventory it is, the way to each view, and the search. */
function Head({ account, shown }: { account: string; shown: View['name'] }): JSX.Element {
  return (
    <div class="head">
      <Link href={overviewHref} class="name">
        {account === '' ? product : <bdi>{account}</bdi>}
        {account !== '' && <small>{product}</small>}
      </Link>
      <nav aria-label="Board">
        {views.map(({ href, text, ...view }) => (
          <Link key={href} href={href} aria-current={Object.values(view).includes(shown) ? 'page' : undefined}>
            {text}
          </Link>
        ))}
        <a href="queues">Queues</a>
      </nav>
      <Search />
    </div>
  );
}

interface OverviewProps {
  readonly summary: Summary;
  readonly clockOffset: number;
  readonly version: string;
}

/** The health, and the whole library: figures, activity, ages, workspaces and errors. */
function Overview({ summary, clockOffset, version }: OverviewProps): JSX.Element {
  const { workspaces, tests, runs } = summary;
  if (tests.total === 0 && runs.length === 0) return <Steps />;
  return (
    <>
      <h1 class="unseen">Overview</h1>
      <StatusPanel summary={summary} clockOffset={clockOffset} />
      {tests.total > 0 && <Figures summary={summary} />}
      <Errors errors={summary.errors} workspaces={workspaces} />
      <div class="cards">
        <BurnDown summary={summary} />
        <Throughput summary={summary} />
        <Recent summary={summary} clockOffset={clockOffset} version={version} />
        {tests.total > 0 && <Ages months={summary.by_month} />}
        {tests.total > 0 && <Workspaces workspaces={workspaces} />}
      </div>
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

const viewTitles = { overview: '', tests: 'Tests', runs: 'Runs', run: 'Run', test: '' };

/** Names the window after what it shows, and by the progress of the current runs. */
function useTitle(summary: Summary | null, view: View['name'], test: string | null): void {
  const { done, selected } = runProgress(summary ?? { runs: [], tests: { open: 0 }, errors: { total: 0 } });
  const progress = selected === 0 || test !== null ? '' : shareOf(done, selected);
  const parts = [test?.slice(0, 8) ?? viewTitles[view], progress, summary?.account || product];
  const title = parts.filter((part) => part !== '').join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { TestsPage } from './answers/test-row.ts';
import { useAnswer } from './ask/use-answer.ts';
import { useSummary } from './ask/use-summary.ts';
import { Inventory } from './inventory.tsx';
import { Link } from './route/link.tsx';
import { testsUrl } from './route/tests-url.ts';
import { useRoute } from './route/use-route.ts';
import { listingHref } from './route/view.ts';
import { LostNotice } from './status/lost-notice.tsx';
import { StatusPanel } from './status/status-panel.tsx';
import { TestPage } from './test/test-page.tsx';
import { useReturnFocus } from './use-return-focus.ts';
import { useTitle } from './use-title.ts';
import { versionOf } from './version-of.ts';

/** The page: how things stand, and below it the inventory or one test. */
export function App(): JSX.Element {
  const route = useRoute();
  const { summary, clockOffset, lost } = useSummary();
  const { test, listing } = route.view;
  const version = versionOf(summary);
  // Asked here and not in the table, so that the way back from a test finds the table as it was.
  const found = useAnswer<TestsPage>(test === null && summary !== null ? testsUrl(listing) : null, version);
  const left = useRef('/');
  useEffect(() => {
    if (test === null) left.current = listingHref(listing);
  }, [test, listing]);
  useReturnFocus(test);
  useTitle(summary, test);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <Link href="/" go={route.go} class="name">
          Test inventory
        </Link>
        <nav aria-label="Board">
          {summary !== null && summary.tests.total > 0 && test === null && <a href="#tests">Tests</a>}
          <a href="/queues">Queues</a>
        </nav>
      </header>
      <LostNotice lost={lost} summary={summary} />
      <main id="main" class={lost !== null || summary?.stale ? 'stale' : ''}>
        {summary === null && <p class="loading">{lost === null ? 'Loading …' : 'The board can’t be reached.'}</p>}
        {summary !== null && test === null && <StatusPanel summary={summary} clockOffset={clockOffset} />}
        {summary !== null && test === null && <Inventory summary={summary} found={found} route={route} />}
        {test !== null && (
          <TestPage key={test} uuid={test} route={route} listingHref={left.current} version={version} />
        )}
      </main>
    </>
  );
}

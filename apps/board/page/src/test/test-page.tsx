import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { TestDetail } from '../answers/test-detail.ts';
import { useAnswer } from '../ask/use-answer.ts';
import type { Route } from '../route/use-route.ts';
import { BackLink } from './back-link.tsx';
import { NotShown } from './not-shown.tsx';
import { TestFacts } from './test-facts.tsx';

interface TestPageProps {
  readonly uuid: string;
  readonly route: Route;
  /** Address of the listing to go back to. */
  readonly listingHref: string;
  readonly version: string;
}

/** Everything about one test. */
export function TestPage({ uuid, route, listingHref, version }: TestPageProps): JSX.Element {
  const { answer, problem } = useAnswer<TestDetail>(`/api/tests/${encodeURIComponent(uuid)}`, version);
  const title = useRef<HTMLHeadingElement>(null);
  const known = answer !== null;
  useEffect(() => title.current?.focus({ preventScroll: true }), [known]);
  return (
    <article class="test">
      <BackLink route={route} href={listingHref} />
      <h1 ref={title} tabIndex={-1}>
        <bdi>{answer === null ? uuid : answer.title || 'Without a title'}</bdi>
      </h1>
      {problem !== null && problem.status !== null && <NotShown problem={problem} go={route.go} />}
      {answer !== null && <TestFacts test={answer} go={route.go} />}
    </article>
  );
}

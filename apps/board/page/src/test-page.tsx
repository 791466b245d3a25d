import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { listingHref, testHref } from './addresses.ts';
import type { TestDetail } from './answers.ts';
import { type Problem, useAnswer } from './board-api.ts';
import { Panel } from './panel.tsx';
import { Link, useRoute } from './route.tsx';
import { Answers, Failure, Offers, Verdict } from './test-facts.tsx';
import { dateAndTime } from './words.ts';

interface TestPageProps {
  readonly uuid: string;
  /** Address of the listing to go back to. */
  readonly back: string;
  /** The test is requested again when this changes. */
  readonly version: string;
}

/** Everything about one test. */
export function TestPage({ uuid, back, version }: TestPageProps): JSX.Element {
  const { answer: test, problem } = useAnswer<TestDetail>(`api/tests/${encodeURIComponent(uuid)}`, version);
  const title = useRef<HTMLHeadingElement>(null);
  const known = test !== null;
  useEffect(() => title.current?.focus({ preventScroll: true }), [known]);
  return (
    <article class="test">
      <BackLink href={back} />
      <h1 ref={title} tabIndex={-1}>
        <bdi>{test === null ? uuid : test.title || 'Without a title'}</bdi>
      </h1>
      {problem !== null && problem.status !== null && <NotShown problem={problem} />}
      {test !== null && (
        <>
          <p class="identity">
            <code class="uuid">{test.test_uuid}</code>
            <CopyButton text={test.test_uuid} name="UUID" />
          </p>
          <Verdict test={test} />
          {test.error !== null && <Failure error={test.error} uuid={test.test_uuid} />}
          <div class="pair">
            <Answers test={test} />
            <div class="stack">
              <Offers offers={test.offers} />
              <ListingFacts test={test} />
            </div>
          </div>
        </>
      )}
    </article>
  );
}

/** The way back to the listing, to the row and the scroll position where the reader came from. */
function BackLink({ href }: { href: string }): JSX.Element {
  const { entry, go } = useRoute();
  return (
    <Link href={href} class="back" onFollow={() => (entry.inside ? history.back() : go(href))}>
      ← All tests
    </Link>
  );
}

/** Why a test can't be shown, and the tests that may have been meant. */
function NotShown({ problem }: { problem: Problem }): JSX.Element {
  return (
    <div class="problem" role="alert">
      <p>{problem.message}</p>
      <ul>
        {problem.near.map((uuid) => (
          <li key={uuid}>
            <Link href={testHref(uuid)}>
              <code>{uuid}</code>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Copies a text and says so, or says that the browser forbids it. */
function CopyButton({ text, name }: { text: string; name: string }): JSX.Element {
  const [result, setResult] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setResult('Copied');
    } catch {
      setResult('Not allowed here: select it instead');
    }
  };
  return (
    <span class="copy">
      <button type="button" onClick={() => void copy()}>
        Copy {name}
      </button>
      <span role="status">{result}</span>
    </span>
  );
}

function ListingFacts({ test }: { test: TestDetail }): JSX.Element {
  const { workspace_uuid: workspace, workspace_name, ordered_at, declared } = test;
  return (
    <Panel id="listing" title="What the listing says" note={test.listed ? undefined : 'no longer listed'}>
      <dl class="table-list">
        <dt>Workspace</dt>
        <dd>
          <Link href={listingHref({ workspace })} show="tests">
            <bdi>{workspace_name || workspace}</bdi>
          </Link>
        </dd>
        <dt>Ordered</dt>
        <dd>{dateAndTime(ordered_at)}</dd>
        <dt>type</dt>
        <dd>{declared.type === null ? '–' : <code>{declared.type}</code>}</dd>
        <dt>productType</dt>
        <dd>{declared.product_type === null ? '–' : <code>{declared.product_type}</code>}</dd>
      </dl>
    </Panel>
  );
}

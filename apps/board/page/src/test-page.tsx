import type { JSX } from 'preact';
import { listingHref, testHref } from './addresses.ts';
import type { TestDetail } from './answers.ts';
import { type Problem, useAnswer } from './board-api.ts';
import { CopyButton } from './copy-button.tsx';
import { DecisionTree } from './decision-tree.tsx';
import { Panel } from './panel.tsx';
import { Link, useRoute, useTitleFocus } from './route.tsx';
import { Commands, Failure, Offers, Verdict } from './test-facts.tsx';
import { dateAndTime } from './words.ts';

interface TestPageProps {
  readonly uuid: string;
  /** The view to go back to. */
  readonly back: BackLinkProps;
  /** The test is requested again when this changes. */
  readonly version: string;
}

/** Everything about one test. */
export function TestPage({ uuid, back, version }: TestPageProps): JSX.Element {
  const { answer: test, problem } = useAnswer<TestDetail>(`api/tests/${encodeURIComponent(uuid)}`, version);
  const title = useTitleFocus(test !== null);
  return (
    <article class="test">
      <BackLink {...back} />
      <h1 ref={title} tabIndex={-1}>
        <bdi>{test === null ? uuid : test.title || 'Without a title'}</bdi>
      </h1>
      {problem !== null && problem.status !== null && <NotShown problem={problem} />}
      {test !== null && (
        <>
          <p class="identity">
            <code class="uuid">{test.test_uuid}</code>
            <CopyButton text={test.test_uuid} name="UUID" label="Copy UUID" />
            {test.link !== null && (
              <a href={test.link} target="_blank" rel="noreferrer">
                Open in UserTesting
              </a>
            )}
          </p>
          <Verdict test={test} />
          {test.error !== null && <Failure error={test.error} />}
          <div class="pair">
            <DecisionTree test={test} />
            <div class="stack">
              <Offers test={test} />
              <ListingFacts test={test} />
              <Commands test={test} />
            </div>
          </div>
        </>
      )}
    </article>
  );
}

interface BackLinkProps {
  readonly href: string;
  readonly text: string;
}

/** The way back to the view, the row and the scroll position where the reader came from. */
function BackLink({ href, text }: BackLinkProps): JSX.Element {
  const { entry, go } = useRoute();
  return (
    <Link href={href} class="back" onFollow={() => (entry.inside ? history.back() : go(href))}>
      ← {text}
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

function ListingFacts({ test }: { test: TestDetail }): JSX.Element {
  const { workspace_uuid: workspace, workspace_name, ordered_at, declared } = test;
  return (
    <Panel id="listing" title="What the listing says" note={test.listed ? undefined : 'no longer listed'}>
      <dl class="table-list">
        <dt>Workspace</dt>
        <dd>
          <Link href={listingHref({ workspace })}>
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

import { sentence } from '@inventory/status/health';
import { numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { listingHref } from './addresses.ts';
import { type TestDetail, typeClass, typeNames } from './answers.ts';
import { useAnswer } from './board-api.ts';
import { CopyableCommand, CopyButton } from './command.tsx';
import { DecisionTree } from './decision-tree.tsx';
import { errorMeaning } from './errors.tsx';
import { Facts, NotShown, Panel } from './panel.tsx';
import { Link, useRoute, useTitleFocus } from './route.tsx';
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
      <NotShown problem={problem} />
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

function ListingFacts({ test }: { test: TestDetail }): JSX.Element {
  const { workspace_uuid: workspace, workspace_name, ordered_at, declared } = test;
  const said = (word: string | null) => (word === null ? '–' : <code>{word}</code>);
  const name = (
    <Link href={listingHref({ workspace })}>
      <bdi>{workspace_name || workspace}</bdi>
    </Link>
  );
  const facts = [
    ['Workspace', name],
    ['Ordered', dateAndTime(ordered_at)],
    ['type', said(declared.type)],
    ['productType', said(declared.product_type)],
  ] as const;
  return (
    <Panel id="listing" title="What the listing says" note={test.listed ? undefined : 'no longer listed'}>
      <Facts class="table-list" facts={facts} />
    </Panel>
  );
}

const sources = {
  probed: 'classified by probe',
  declared: 'classified by listing',
  imported: 'imported from state files',
};

function Verdict({ test }: { test: TestDetail }): JSX.Element {
  const { category, platform, source, because, rule, classified_at, provisional_until } = test;
  const type = category ?? 'undecided';
  // What a probe said begins with the name of its endpoint.
  const why = because !== null && source !== 'probed' ? sentence(because) : because;
  return (
    <section class={`panel verdict ${typeClass(type)}`} aria-label="Verdict">
      <p class="what">
        <strong>{typeNames[type]}</strong>
        {platform !== null && platform !== category && <span class="chip">{platform}</span>}
        {source !== null && <span class="chip">{sources[source]}</span>}
      </p>
      <p class="why">{why === null ? undecidedBecause(test) : `${why}.`}</p>
      {test.certainty_because !== null && (
        <p class="weak">
          <strong>{test.certainty}</strong>
          {`: ${test.certainty_because}`}
          {provisional_until !== null && `; checked again by the first run after ${dateAndTime(provisional_until)}`}.
        </p>
      )}
      {source !== null && (
        <p class="hint">
          {dateAndTime(classified_at)}
          {rule !== null && (
            <>
              {' · rule '}
              <code>{rule}</code>
            </>
          )}
        </p>
      )}
    </section>
  );
}

function undecidedBecause({ queued, error, answers }: TestDetail): string {
  if (queued && error !== null) return 'It ended in an error, and waits to be tried again.';
  if (queued) return answers.length === 0 ? 'It waits for its first answer.' : 'It waits for its next answer.';
  return error === null ? 'No run has chosen it.' : 'It ended in an error.';
}

function Failure({ error }: { error: NonNullable<TestDetail['error']> }): JSX.Element {
  const { type, status, attempts, at } = error;
  return (
    <Panel
      id="failure"
      class="errors"
      title={status === null ? type : `${type} (status ${status})`}
      note={`after ${attempts === 1 ? '1 try' : `${numberText(attempts)} tries`}, ${dateAndTime(at)}`}
    >
      <p class="message">{error.error}</p>
      <p class="hint">What it means: {errorMeaning(type)}.</p>
    </Panel>
  );
}

const offerNames = [
  ['video', 'Videos of sessions'],
  ['qx_scores', 'QX scores'],
  ['transcript', 'Transcripts'],
] as const;

/** Which data the Results API has of the test, as far as it was asked. */
function Offers({ test: { offers, platform } }: { test: TestDetail }): JSX.Element {
  const nothingKnown = Object.values(offers).every((offer) => offer === null);
  return (
    <Panel id="offers" title="Results data it offers">
      {platform === 'ClassicUT' && nothingKnown ? (
        <p class="hint">The Results API does not serve ClassicUT tests.</p>
      ) : (
        <Facts class="table-list" facts={offerNames.map(([key, name]) => [name, offerText(offers[key])])} />
      )}
    </Panel>
  );
}

function offerText(offer: boolean | null) {
  if (offer === null) return <span class="hint">not asked</span>;
  return offer ? 'yes' : 'no';
}

/** What to type about this test. The page only reads. */
function Commands({ test: { test_uuid: uuid, error } }: { test: TestDetail }): JSX.Element {
  const commands = [
    ...(error === null ? [] : [{ name: 'retry', does: 'tries it again' }]),
    { name: 'explain', does: 'says in the terminal why it has its type' },
    { name: 'forget', does: 'removes it from here; the next run classifies it again' },
  ];
  return (
    <Panel id="commands" title="Commands">
      <ul class="commands">
        {commands.map(({ name, does }) => (
          <li key={name}>
            <CopyableCommand name={name} args={uuid} />
            <span class="hint">{does}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

import { countOf } from '@inventory/status/words';
import type { JSX } from 'preact';
import { type TestDetail, typeClass, typeNames } from './answers.ts';
import { CopyableCommand } from './command.tsx';
import { errorMeaning } from './errors.tsx';
import { Panel } from './panel.tsx';
import { dateAndTime } from './words.ts';

const sources = {
  probed: 'classified by probe',
  declared: 'classified by listing',
  imported: 'imported from state files',
};

/** What the test is, and why. */
export function Verdict({ test }: { test: TestDetail }): JSX.Element {
  const { category, platform, source, because, rule, classified_at, provisional_until } = test;
  const type = category ?? 'undecided';
  return (
    <section class={`panel verdict ${typeClass(type)}`} aria-label="Verdict">
      <p class="what">
        <strong>{typeNames[type]}</strong>
        {platform !== null && platform !== category && <span class="chip">{platform}</span>}
        {source !== null && <span class="chip">{sources[source]}</span>}
      </p>
      <p class="why">{because === null ? undecidedBecause(test) : `${because}.`}</p>
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

/** The error that the test ended in. */
export function Failure({ error }: { error: NonNullable<TestDetail['error']> }): JSX.Element {
  const { type, status, attempts, at } = error;
  return (
    <Panel
      id="failure"
      class="errors"
      title={status === null ? type : `${type} (status ${status})`}
      note={`${countOf(attempts, 'attempt')}, ${dateAndTime(at)}`}
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
export function Offers({ test: { offers, platform } }: { test: TestDetail }): JSX.Element {
  const nothingKnown = Object.values(offers).every((offer) => offer === null);
  return (
    <Panel id="offers" title="Results data it offers">
      {platform === 'ClassicUT' && nothingKnown ? (
        <p class="hint">The Results API does not serve ClassicUT tests.</p>
      ) : (
        <dl class="table-list">
          {offerNames.map(([key, name]) => (
            <div key={key}>
              <dt>{name}</dt>
              <dd>{offers[key] === null ? <span class="hint">not asked</span> : offers[key] ? 'yes' : 'no'}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

/** What to type about this test. The page only reads. */
export function Commands({ test: { test_uuid: uuid, error } }: { test: TestDetail }): JSX.Element {
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

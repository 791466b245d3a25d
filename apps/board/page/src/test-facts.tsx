import { countOf } from '@inventory/status/words';
import type { JSX } from 'preact';
import { type TestDetail, typeClass, typeNames } from './answers.ts';
import { errorMeaning } from './errors.tsx';
import { Panel } from './panel.tsx';
import { dateAndTime } from './words.ts';

const sources = {
  probed: 'found by asking the Results API',
  declared: 'declared by the listing',
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
          {sources[source]}, {dateAndTime(classified_at)}
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
  if (queued) return answers.length === 0 ? 'It waits for its first answer.' : 'It waits for its next answer.';
  return error === null ? 'No run has chosen it.' : 'It ended in an error.';
}

interface FailureProps {
  readonly error: NonNullable<TestDetail['error']>;
  readonly uuid: string;
}

/** The error that the test ended in, and how to try again. */
export function Failure({ error, uuid }: FailureProps): JSX.Element {
  const { type, status, attempts, at } = error;
  return (
    <Panel
      id="failure"
      class="errors"
      title={status === null ? type : `${type} (status ${status})`}
      note={`${countOf(attempts, 'attempt')}, ${dateAndTime(at)}`}
    >
      <p class="message">{error.error}</p>
      <p class="hint">
        What it means: {errorMeaning(type)}. Try it again: <code>npm run retry -- {uuid}</code>
      </p>
    </Panel>
  );
}

/** The answers of the Results API, in the order in which it was asked. */
export function Answers({ test: { answers, source } }: { test: TestDetail }): JSX.Element {
  const none = source === 'declared' || source === 'imported' ? 'It did not have to be asked.' : 'None yet.';
  return (
    <Panel id="answers" title="Answers of the Results API">
      {answers.length === 0 && <p class="hint">{none}</p>}
      <ol class="rows answers">
        {answers.map((answer) => (
          <li key={answer.endpoint}>
            <span class={`status-code ${answer.status === 200 ? 'yes' : 'no'}`}>{answer.status}</span>
            <code>{answer.endpoint}</code>
            <span class="meaning">{answerMeaning(answer)}</span>
            <time dateTime={answer.at}>{dateAndTime(answer.at)}</time>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function answerMeaning({ status, has_sessions }: TestDetail['answers'][number]): string {
  if (has_sessions !== undefined) return has_sessions ? 'has sessions' : 'no sessions';
  return status === 200 ? 'available' : 'not available';
}

const offerNames = [
  ['video', 'Videos of sessions'],
  ['qx_scores', 'QX scores'],
  ['transcript', 'Transcripts'],
] as const;

/** Which data the Results API has of the test, as far as it was asked. */
export function Offers({ offers }: { offers: TestDetail['offers'] }): JSX.Element {
  return (
    <Panel id="offers" title="Results data it offers">
      <dl class="table-list">
        {offerNames.map(([key, name]) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd>{offers[key] === null ? <span class="hint">not asked</span> : offers[key] ? 'yes' : 'no'}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

import type { JSX } from 'preact';
import type { ProbeAnswer, TestDetail } from '../answers/test-detail.ts';
import { momentText } from '../words/moment.ts';

interface AnswersProps {
  readonly answers: readonly ProbeAnswer[];
  readonly source: TestDetail['source'];
}

/** What the Results API answered, in the order in which it was asked. */
export function Answers({ answers, source }: AnswersProps): JSX.Element {
  const none = source === 'declared' || source === 'imported' ? 'It did not have to be asked.' : 'None yet.';
  return (
    <section class="panel" aria-labelledby="answers-title">
      <header class="panel-head">
        <h2 id="answers-title">Answers of the Results API</h2>
      </header>
      {answers.length === 0 && <p class="hint">{none}</p>}
      <ol class="answers">
        {answers.map((answer) => (
          <li key={answer.endpoint}>
            <span class={`status-code ${answer.status === 200 ? 'yes' : 'no'}`}>{answer.status}</span>
            <code>{answer.endpoint}</code>
            <span class="meaning">{meaningOf(answer)}</span>
            <time dateTime={answer.at}>{momentText(answer.at)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}

function meaningOf({ status, hasSessions }: ProbeAnswer): string {
  if (hasSessions !== undefined) return hasSessions ? 'has sessions' : 'no sessions';
  return status === 200 ? 'available' : 'not available';
}

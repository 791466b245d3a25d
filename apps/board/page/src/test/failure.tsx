import type { JSX } from 'preact';
import type { TestDetail } from '../answers/test-detail.ts';
import { errorAdvice } from '../errors/error-advice.ts';
import { countOf } from '../words/count.ts';
import { momentText } from '../words/moment.ts';

interface FailureProps {
  readonly error: NonNullable<TestDetail['error']>;
  readonly uuid: string;
}

/** The error that the test ended in, and how it is tried again. */
export function Failure({ error, uuid }: FailureProps): JSX.Element {
  return (
    <section class="panel errors" aria-labelledby="failure-title">
      <header class="panel-head">
        <h2 id="failure-title">
          {error.type}
          {error.status !== null && ` (status ${error.status})`}
        </h2>
        <p>
          {countOf(error.attempts, 'attempt')}, {momentText(error.at)}
        </p>
      </header>
      <p class="message">{error.error}</p>
      <p class="hint">
        What it means: {errorAdvice(error.type)}. Try it again: <code>npm run retry -- {uuid}</code>
      </p>
    </section>
  );
}

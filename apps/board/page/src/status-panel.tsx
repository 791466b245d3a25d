import { healthOf, runProgress } from '@inventory/status/health';
import { countOf, numberText, timeLeft } from '@inventory/status/words';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Summary } from './answers.ts';
import { nearTime } from './words.ts';

/** The status in one sentence, the progress of the run, and a few facts. */
export function StatusPanel({ summary, clockOffset }: { summary: Summary; clockOffset: number }): JSX.Element {
  const now = useServerTime(clockOffset);
  const { kind, what, more, todo } = healthOf(summary, now);
  const { done, selected } = runProgress(summary);
  const running = selected > 0 && kind !== 'done';
  return (
    <section class={`panel status ${kind}`} aria-label="Status">
      <p class="status-line">
        <strong role="status">{what}</strong>
        {`: ${more}`}
        {todo !== null && (
          <>
            {more !== '' && '; '}
            <code>{todo.command}</code> {todo.does}
          </>
        )}
      </p>
      {running && <progress max={selected} value={done} aria-label="Tests done in this run" />}
      {kind !== 'empty' && (
        <dl class="facts">
          {factsOf(summary, now).map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** Last verdict, pace, workers, requests left and token, as far as they mean something now. */
function factsOf(summary: Summary, now: number): [name: string, text: string][] {
  const { workers, pace, left, last_verdict_at, token_expires_at, tests } = summary;
  const { low, expected, high } = left.requests;
  const facts: [name: string, text: string][] = [
    ['Last verdict', last_verdict_at === null ? 'none yet' : `${timeLeft(now - Date.parse(last_verdict_at))} ago`],
  ];
  if (workers.length > 0) facts.push(['Pace', paceText(pace)]);
  facts.push(['Workers', workers.length === 0 ? 'none' : String(workers.length)]);
  if (tests.open > 0) {
    facts.push(['Still to ask', `about ${countOf(expected, 'request')} (${numberText(low)} to ${numberText(high)})`]);
  }
  if (token_expires_at !== null) {
    const isValid = Date.parse(token_expires_at) > now;
    facts.push(['Token', isValid ? `valid until ${nearTime(token_expires_at, now)}` : 'expired; renewed when needed']);
  }
  return facts;
}

function paceText({ interval_ms, requests_last_minute }: Summary['pace']): string {
  const lately = `${countOf(requests_last_minute, 'request')} in the last minute`;
  return interval_ms === null || interval_ms === 0 ? lately : `${lately}, one per ${interval_ms / 1000} s allowed`;
}

/** The time by the server's clock, epoch ms, once a second. @param offset server's clock minus this browser's, ms */
function useServerTime(offset: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now + offset;
}

import type { JSX } from 'preact';
import type { Summary } from '../answers/summary.ts';
import { countOf, number } from '../words/count.ts';
import { clockTime } from '../words/moment.ts';
import { timeLeft } from '../words/time-left.ts';
import { paceText } from './pace-text.ts';

/** Last verdict, pace, workers, requests left and token; only what means something now. @param now epoch ms */
export function StatusFacts({ summary, now }: { summary: Summary; now: number }): JSX.Element {
  const { workers, pace, left, lastVerdictAt, tokenExpiresAt, tests } = summary;
  const moving = workers.length > 0;
  const { low, expected, high } = left.requests;
  const facts: readonly (readonly [string, string])[] = [
    ['Last verdict', lastVerdictAt === null ? 'none yet' : `${timeLeft(now - Date.parse(lastVerdictAt))} ago`],
    ...(moving ? [['Pace', paceText(pace)] as const] : []),
    ['Workers', moving ? String(workers.length) : 'none'],
    ...(tests.open > 0
      ? [['Still to ask', `about ${countOf(expected, 'request')} (${number(low)} to ${number(high)})`] as const]
      : []),
    ...(tokenExpiresAt === null ? [] : [['Token', tokenText(tokenExpiresAt, now)] as const]),
  ];
  return (
    <dl class="facts">
      {facts.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function tokenText(expiresAt: string, now: number): string {
  const left = Date.parse(expiresAt) - now;
  return left > 0 ? `valid until ${clockTime(expiresAt).slice(0, 5)}` : 'expired; renewed when needed';
}

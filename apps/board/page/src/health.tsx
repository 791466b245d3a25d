import { type Health, healthOf, runProgress } from '@inventory/status/health';
import { countOf, numberText, timeLeft } from '@inventory/status/words';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Summary } from './answers.ts';
import type { LatestSummary } from './board-api.ts';
import { Command } from './command.tsx';
import { Facts } from './panel.tsx';
import { nearTime, selectionName, staleHealth } from './words.ts';

/** The most important fact, as one sentence. */
function HealthLine({ health }: { health: Health }): JSX.Element {
  const { what, more, todo } = health;
  // How long it has been so changes every second, and is not announced.
  const [, lasting, ticking] = what.match(/^(.*?)( \([^()]*\))?$/) ?? [];
  return (
    <p class={`health-line ${health.kind}`}>
      <strong>
        <span role="status">{lasting}</span>
        {ticking}
      </strong>
      {(more !== '' || todo !== null) && ': '}
      {more}
      {todo !== null && (
        <>
          {more !== '' && '; '}
          <Command name={todo.command} /> {todo.does}
        </>
      )}
    </p>
  );
}

/** The time by the server's clock, epoch ms, once a second. @param offset server's clock minus this browser's, ms */
export function useServerTime(offset: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now + offset;
}

interface TroubleProps extends LatestSummary {
  /** Whether the page says elsewhere what keeps the account from working. */
  readonly isOverview: boolean;
}

/** What the reader has to know on whichever view: that the figures are old, or that somebody has to act. */
export function Trouble({ summary, problem, clockOffset, isOverview }: TroubleProps): JSX.Element {
  const now = useServerTime(clockOffset);
  const old = staleHealth(problem, summary);
  const stopped = old === null && !isOverview && summary !== null ? healthOf(summary, now) : null;
  return (
    <>
      <div role="alert">{old !== null && <HealthLine health={old} />}</div>
      {stopped?.kind === 'stopped' && <HealthLine health={stopped} />}
    </>
  );
}

/** The health in one sentence, the progress of the run, and a few facts. */
export function StatusPanel({ summary, clockOffset }: { summary: Summary; clockOffset: number }): JSX.Element {
  const now = useServerTime(clockOffset);
  const health = healthOf(summary, now);
  const { done, selected } = runProgress(summary);
  const running = selected > 0 && health.kind !== 'done';
  return (
    <section class={`panel status ${health.kind}`} aria-label="Status">
      <HealthLine health={health} />
      {running && <progress max={selected} value={done} aria-label="Tests done in this run" />}
      <Facts class="facts" facts={factsOf(summary, now)} />
    </section>
  );
}

/** Last verdict, workers, requests left, token and next runs, as far as they mean something now. */
function factsOf(summary: Summary, now: number): [name: string, text: string][] {
  const { workers, left, last_verdict_at, token_expires_at, tests, schedules, workspaces } = summary;
  const { low, expected, high } = left.requests;
  const facts: [name: string, text: string][] = [
    ['Last verdict', last_verdict_at === null ? 'none yet' : `${timeLeft(now - Date.parse(last_verdict_at))} ago`],
    ['Workers', workers.length === 0 ? 'none' : String(workers.length)],
  ];
  if (tests.open > 0) {
    facts.push(['Still to do', `about ${countOf(expected, 'request')} (${numberText(low)} to ${numberText(high)})`]);
  }
  if (token_expires_at !== null) {
    const isValid = Date.parse(token_expires_at) > now;
    facts.push(['Token', isValid ? `valid until ${nearTime(token_expires_at, now)}` : 'expired; renewed when needed']);
  }
  for (const { selection, pattern, time_zone, next_at } of schedules) {
    const name = selection === 'all' ? 'Next run' : `Next run of ${selectionName(selection, workspaces)}`;
    const isOf = `${pattern} ${time_zone}`;
    const gone = `none: the process that kept the schedule (${isOf}) is gone`;
    facts.push([name, next_at === null ? gone : `${nearTime(next_at, now)} (${isOf})`]);
  }
  return facts;
}

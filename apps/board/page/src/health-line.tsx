import { type Health, healthOf } from '@inventory/status/health';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { LatestSummary } from './board-api.ts';
import { Command } from './command.tsx';
import { staleHealth } from './stale.ts';

/** The most important fact, as one sentence. */
export function HealthLine({ health }: { health: Health }): JSX.Element {
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

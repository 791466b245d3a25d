import type { JSX } from 'preact';
import type { Summary } from '../answers/summary.ts';
import { runProgress } from './run-progress.ts';
import { standingOf } from './standing.ts';
import { StatusFacts } from './status-facts.tsx';
import { useNow } from './use-now.ts';

/** How things stand: one sentence, the progress of the run, and what keeps it up. */
export function StatusPanel({ summary, clockOffset }: { summary: Summary; clockOffset: number }): JSX.Element {
  const now = useNow(clockOffset);
  const { kind, word, sentence, command, after } = standingOf(summary, now);
  const { done, selected } = runProgress(summary);
  const running = selected > 0 && kind !== 'done';
  return (
    <section class={`panel status ${kind}`} aria-label="How things stand">
      <p class="standing">
        <strong role="status">{word}</strong>
        {`: ${sentence} `}
        {command !== undefined && <code>{command}</code>} {after}
      </p>
      {running && <progress max={selected} value={done} aria-label="Tests done in this run" />}
      {kind !== 'empty' && <StatusFacts summary={summary} now={now} />}
    </section>
  );
}

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Summary } from '../answers/summary.ts';
import { number } from '../words/count.ts';
import { RunLine } from './run-line.tsx';

const few = 3;

/** The runs that are over, the latest first; nothing before the first one. */
export function PastRuns({ summary: { history, workspaces } }: { summary: Summary }): JSX.Element | null {
  const [all, showAll] = useState(false);
  if (history.length === 0) return null;
  const shown = all ? history : history.slice(0, few);
  return (
    <section class="panel past-runs" aria-labelledby="past-runs-title">
      <header class="panel-head">
        <h2 id="past-runs-title">Past runs</h2>
      </header>
      <ol>
        {shown.map((run) => (
          <RunLine key={`${run.startedAt} ${run.selection}`} run={run} workspaces={workspaces} />
        ))}
      </ol>
      {history.length > few && (
        <button type="button" class="quiet" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? 'Show fewer' : `Show all ${number(history.length)}`}
        </button>
      )}
    </section>
  );
}

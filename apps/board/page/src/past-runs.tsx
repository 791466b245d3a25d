import type { JSX } from 'preact';
import type { PastRun, Summary } from './answers.ts';
import { Panel, useFirst } from './panel.tsx';
import { outcomesText, selectionText, workText } from './run-words.ts';
import { dateAndTime } from './words.ts';

const few = 3;

/** The runs that are over, the latest first; nothing before the first one. */
export function PastRuns({ history, workspaces }: Pick<Summary, 'history' | 'workspaces'>): JSX.Element | null {
  const { shown, button } = useFirst(history, few);
  if (history.length === 0) return null;
  return (
    <Panel id="past-runs" class="past-runs" title="Past runs">
      <ol class="rows folding">
        {shown.map((run) => (
          <li key={`${run.started_at} ${run.selection}`}>
            <time>{dateAndTime(run.finished_at ?? run.started_at)}</time>
            <span>
              <bdi>{selectionText(run.selection, workspaces)}</bdi>: {workText(run)} <small>{outcomesText(run)}</small>
            </span>
            <Verification verified={run.verified} />
          </li>
        ))}
      </ol>
      {button}
    </Panel>
  );
}

/** Whether the state files passed verification after the run. */
function Verification({ verified }: Pick<PastRun, 'verified'>): JSX.Element {
  if (verified === undefined) return <small>files not checked yet</small>;
  if (verified) return <small>files passed</small>;
  return (
    <small class="bad">
      files did not pass: <code>npm run verify</code>
    </small>
  );
}

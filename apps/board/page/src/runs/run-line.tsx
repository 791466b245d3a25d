import type { JSX } from 'preact';
import type { PastRun } from '../answers/past-run.ts';
import type { WorkspaceCounts } from '../answers/summary.ts';
import { momentText } from '../words/moment.ts';
import { outcomesText, workText } from './run-text.ts';
import { selectionText } from './selection-text.ts';

interface RunLineProps {
  readonly run: PastRun;
  readonly workspaces: readonly WorkspaceCounts[];
}

/** One run that is over: when it ended, what it did, and whether the state files passed after it. */
export function RunLine({ run, workspaces }: RunLineProps): JSX.Element {
  return (
    <li>
      <time>{momentText(run.finishedAt ?? run.startedAt)}</time>
      <span>
        <bdi>{selectionText(run.selection, workspaces)}</bdi>: {workText(run)} <small>{outcomesText(run)}</small>
      </span>
      <Checked verified={run.verified} />
    </li>
  );
}

function Checked({ verified }: Pick<PastRun, 'verified'>): JSX.Element {
  if (verified === undefined) return <span class="checked">files not checked yet</span>;
  if (verified) return <span class="checked">files passed</span>;
  return (
    <span class="checked bad">
      files did not pass: <code>npm run verify</code>
    </span>
  );
}

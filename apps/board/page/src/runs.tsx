import { changeTexts, effortText, outcomeTexts } from '@inventory/status/run-words';
import type { JSX } from 'preact';
import { runHref } from './addresses.ts';
import type { Run, Summary } from './answers.ts';
import { Command } from './command.tsx';
import { Panel } from './panel.tsx';
import { Link } from './route.tsx';
import { selectionText, workText } from './run-words.ts';
import { dateAndTime } from './words.ts';

/** The runs that are kept, the latest first. Each leads to what it changed. */
export function Runs({ summary }: { summary: Summary }): JSX.Element {
  const { workspaces } = summary;
  const past = new Set(summary.history.map(({ id }) => id));
  const runs = [...summary.runs.filter(({ id }) => !past.has(id)), ...summary.history];
  return (
    <Panel id="runs" heading="h1" title="Runs">
      {runs.length === 0 && <p class="hint">There has been no run yet.</p>}
      <ol class="rows folding runs">
        {runs.map((run) => (
          <li key={run.id}>
            <time>{dateAndTime(run.started_at)}</time>
            <span>
              <Link href={runHref(run.id)} class="title">
                <bdi>{selectionText(run.selection, workspaces)}</bdi>
              </Link>
              <span>{whatChanged(run)}</span>
              <small>
                {[workText(run), outcomeTexts(run).join(', '), effortText(run)]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </small>
            </span>
            <Verification verified={run.verified} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** What a run changed; empty for one of an older version, which did not record it. */
function whatChanged({ changes }: Run): string {
  if (changes === null) return '';
  return changeTexts(changes).join(', ') || 'nothing changed';
}

/** Whether the state files passed verification after the run; nothing where they were not checked. */
export function Verification({ verified }: Pick<Run, 'verified'>): JSX.Element {
  if (verified === undefined) return <small />;
  if (verified) return <small>files passed</small>;
  return (
    <small class="bad">
      files did not pass: <Command name="verify" />
    </small>
  );
}

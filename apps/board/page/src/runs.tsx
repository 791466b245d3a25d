import { changeTexts, effortText, kindTexts, outcomeTexts } from '@inventory/status/run-words';
import { numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { runHref, runsHref, testHref } from './addresses.ts';
import { type Run, type RunReport, type Summary, type Type, typeClass, typeNames, type Workspace } from './answers.ts';
import { useAnswer } from './board-api.ts';
import { Command } from './command.tsx';
import { Facts, NotShown, Panel } from './panel.tsx';
import { Link, useTitleFocus } from './route.tsx';
import { dateAndTime, selectionName, workText } from './words.ts';

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
                <bdi>{selectionName(run.selection, workspaces)}</bdi>
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
function Verification({ verified }: Pick<Run, 'verified'>): JSX.Element {
  if (verified === undefined) return <small />;
  if (verified) return <small>files passed</small>;
  return (
    <small class="bad">
      files did not pass: <Command name="verify" />
    </small>
  );
}

type Kind = keyof typeof kindTexts;
type Change = NonNullable<RunReport['tests'][Kind]>[number];

/** Tests of each kind of change that are shown. */
const shown = 200;

interface RunPageProps {
  readonly id: string;
  readonly workspaces: readonly Workspace[];
  /** The run is requested again when this changes. */
  readonly version: string;
}

/** One run, and the tests that it changed. */
export function RunPage({ id, workspaces, version }: RunPageProps): JSX.Element {
  const { answer, problem } = useAnswer<RunReport>(`api/runs/${encodeURIComponent(id)}?limit=${shown}`, version);
  const title = useTitleFocus(answer !== null);
  return (
    <article class="test">
      <Link href={runsHref} class="back">
        ← Runs
      </Link>
      <NotShown problem={problem} />
      {answer !== null && (
        <>
          <h1 ref={title} tabIndex={-1}>
            <bdi>{selectionName(answer.run.selection, workspaces)}</bdi>, {dateAndTime(answer.run.started_at)}
          </h1>
          <RunFacts run={answer.run} />
          <Changes report={answer} />
        </>
      )}
    </article>
  );
}

function RunFacts({ run }: { run: Run }): JSX.Element {
  const files = run.verified === undefined ? '' : <Verification verified={run.verified} />;
  const facts = [
    ['Tests', [workText(run), outcomeTexts(run).join(', ')].filter((part) => part !== '').join(': ')],
    ['Ended', run.finished_at === null ? 'not yet' : dateAndTime(run.finished_at)],
    ['Took', effortText(run)],
    ['State files', files],
  ] as const;
  return (
    <section class="panel" aria-label="Run">
      <Facts class="table-list" facts={facts.filter(([, fact]) => fact !== '')} />
    </section>
  );
}

function Changes({ report }: { report: RunReport }): JSX.Element {
  const { run, tests, complete } = report;
  const { changes } = run;
  if (changes === null) return <p class="hint">What changed was not recorded: an older version made this run.</p>;
  if (changeTexts(changes).length === 0) return <p class="hint">Nothing has changed{run.open > 0 && ' so far'}.</p>;
  const kinds = (Object.keys(kindTexts) as Kind[]).filter((kind) => changes[kind] > 0);
  return (
    <>
      {kinds.map((kind) => {
        const listed = tests[kind] ?? [];
        const more = changes[kind] - listed.length;
        return (
          <Panel
            key={kind}
            id={kind}
            class={kind === 'error_new' ? 'errors' : ''}
            title={kindTexts[kind](changes[kind])}
          >
            <ol class="rows changes">
              {listed.map((change) => (
                <ChangedTest key={change.cursor} change={change} />
              ))}
            </ol>
            {more > 0 && (
              <p class="hint">
                … and {numberText(more)} more{complete ? '' : ', some of which are no longer kept'}.
              </p>
            )}
          </Panel>
        );
      })}
    </>
  );
}

/** A test, or a workspace that could not be listed, and what became of it. */
function ChangedTest({ change }: { change: Change }): JSX.Element {
  const { test_uuid, title, workspace_name, workspace_uuid, from, to, because, error, at } = change;
  return (
    <li>
      <span>
        {test_uuid === null ? (
          <bdi>{workspace_name || workspace_uuid}</bdi>
        ) : (
          <Link href={testHref(test_uuid)} class="title">
            <bdi>{title || test_uuid}</bdi>
          </Link>
        )}
      </span>
      <span>
        {from !== null && to !== null && (
          <>
            <TypeChip type={from} /> →{' '}
          </>
        )}
        {to !== null && <TypeChip type={to} />}
        {because !== null && <small> {because}</small>}
        {error !== null && <small class="flag bad">{error}</small>}
      </span>
      <time dateTime={at}>{dateAndTime(at)}</time>
    </li>
  );
}

function TypeChip({ type }: { type: Type }): JSX.Element {
  return (
    <span class="chip">
      <i class={`swatch ${typeClass(type)}`} />
      {typeNames[type]}
    </span>
  );
}

import { type RunRecord, type Totals, unconfirmedFrom } from '@inventory/checkpoints';
import { type Exporter, readChanged, runReport } from '@inventory/exporter';
import { commandLine, print } from '@inventory/logger';
import { type ExitCode, exitCode, type Runtime } from '@inventory/runtime';
import { StateDir } from '@inventory/state-files';
import { countOf } from '@inventory/status/words';
import { labelled } from '../command.ts';

export interface FinishRunOptions {
  readonly runtime: Runtime;
  readonly exporter: Exporter;
  readonly run: RunRecord;
  /** Lets the worker finish its requests. */
  readonly stopWork: () => Promise<void>;
  readonly lookNext: boolean;
}

/** Ends a run: work stopped, files exact, summary, verification. @returns 0, or 1 when something is left to look at */
export async function finishRun(options: FinishRunOptions): Promise<ExitCode> {
  const { runtime, exporter, run, stopWork } = options;
  const { checkpoints, settings } = runtime;
  await checkpoints.runs.finish(run.id);
  const check = async () => {
    await exporter.flush();
    return {
      totals: await checkpoints.inventory.totals(),
      verification: await new StateDir(settings).verify(),
    };
  };
  const revision = await checkpoints.inventory.revision();
  const [early] = await Promise.all([check(), stopWork()]);
  // The worker's last requests may have ended tests of other runs in between.
  const moved = (await checkpoints.inventory.revision()) !== revision;
  const { totals, verification } = moved ? await check() : early;
  await checkpoints.runs.noteVerified(run.id, verification.passed);
  const changed = await readChanged(checkpoints, run.id);
  const { stateDir } = settings;
  print(runReport({ totals, run, stateDir, verification: verification.lines, changed }));
  const lost = await countLost(runtime, run.id);
  if (lost > 0) print(`[WARN] Redis has lost data of ${countOf(lost, 'test')}: start again.\n`);
  if (options.lookNext) print(`\n${nextLines(totals).join('\n')}\n`);
  const undecided = settings.classifyBy === 'metadata' && totals.undecided > 0;
  // A run that probed fewer tests has found nothing new.
  const doubted = totals.unconfirmed > 0 && (run.outcomes['ClassicUT'] ?? 0) >= unconfirmedFrom;
  const sure = lost === 0 && totals.errors === 0 && !doubted && !undecided;
  const clean = verification.passed && sure && exporter.lastError === null;
  return clean ? exitCode.done : exitCode.partial;
}

function nextLines({ errors }: Totals): string[] {
  return labelled('Look next', [
    `${commandLine('board')}: the inventory in the browser`,
    `${commandLine('explain', 'TEST_UUID')}: why a test has its type`,
    ...(errors > 0 ? [`${commandLine('retry')}: asks again for ${countOf(errors, 'test')} with an error`] : []),
  ]);
}

/** How many tests of a run have no outcome, or no listing, because Redis has lost it; the next start repairs that. */
async function countLost({ checkpoints, settings }: Runtime, run: string): Promise<number> {
  const { classifyBy } = settings;
  if (classifyBy === 'metadata') return (await checkpoints.reconcile({ when: 'beat', classifyBy })).unlisted;
  const { reopened, undecided, unlisted } = await checkpoints.reconcile({ when: 'end', run, classifyBy });
  return reopened + undecided + unlisted;
}

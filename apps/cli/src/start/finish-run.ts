import type { RunRecord } from '@inventory/checkpoints';
import type { RunningExporter } from '@inventory/exporter';
import { type ExitCode, exitCode, type Home } from '@inventory/process';
import { summarize, verifyStateFiles } from '@inventory/state-files';

export interface FinishRunOptions {
  readonly home: Home;
  readonly exporter: RunningExporter;
  readonly run: RunRecord | null;
}

/** Ends a run: files exact, summary, verification. @returns 0, or 1 when something is left to look at */
export async function finishRun({ home, exporter, run }: FinishRunOptions): Promise<ExitCode> {
  const { checkpoints, settings } = home;
  if (run) await checkpoints.runs.finish(run.id);
  await exporter.flush();
  const totals = await checkpoints.inventory.totals();
  const verification = await verifyStateFiles(settings.stateDir);
  if (run) await checkpoints.runs.noteVerified(run.id, verification.passed);
  process.stdout.write(`${summarize({ totals, run, stateDir: settings.stateDir }).join('\n')}\n`);
  process.stdout.write(`\n${verification.lines.join('\n')}\n`);
  const decided = Object.values(totals.byCategory).reduce((sum, count) => sum + count, 0);
  const undecided = settings.classifyBy === 'metadata' && decided < totals.tests;
  const clean = verification.passed && totals.errors === 0 && !undecided && exporter.lastError() === null;
  return clean ? exitCode.done : exitCode.partial;
}

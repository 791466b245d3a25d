import { setTimeout as sleep } from 'node:timers/promises';
import { phaseOf, type RunRecord } from '@inventory/checkpoints';
import { summarize, verifyStateFiles } from '@inventory/state-files';
import { weakVerdictLines } from '@inventory/status';
import type { RunningExporter } from './start-exporter.ts';
import type { StateKeeperOptions } from './state-keeper.ts';

export interface ReportRunsOptions extends Pick<StateKeeperOptions, 'checkpoints' | 'stateDir' | 'logger'> {
  readonly exporter: RunningExporter;
  /** Gets summary and verification, in the tutorial's words. */
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
  /** How often it looks for runs that have ended, ms; 1,000 unless said otherwise. */
  readonly lookEveryMs?: number;
}

/**
 * Brings the files up to date after the end of each run, checks them, and says both once: a run that somebody has
 * reported is marked. Until the signal; never rejects.
 */
export async function reportRuns(options: ReportRunsOptions): Promise<void> {
  const { checkpoints, logger, signal, lookEveryMs = 1_000 } = options;
  while (!signal.aborted) {
    try {
      const ended = (await checkpoints.runs.list()).filter(hasEnded);
      for (const run of ended) await report(options, run);
    } catch (error) {
      logger.debug({ error: String(error) }, 'runs could not be looked at');
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

function hasEnded(run: RunRecord): boolean {
  return phaseOf(run) === 'over' && run.verified === undefined;
}

async function report({ checkpoints, stateDir, logger, exporter, print }: ReportRunsOptions, run: RunRecord) {
  await exporter.flush();
  // Why the files are behind is said already; this run is reported when they are written.
  if (exporter.lastError() !== null) return;
  const { passed, lines } = await verifyStateFiles(stateDir);
  if (!(await checkpoints.runs.noteVerified(run.id, passed))) return;
  const totals = await checkpoints.inventory.totals();
  const weak = weakVerdictLines(totals);
  const parts = [summarize({ totals, run, stateDir }), lines, ...(weak.length > 0 ? [weak] : [])];
  print(`${parts.map((part) => part.join('\n')).join('\n\n')}\n`);
  const { provisional, unconfirmed } = totals;
  const level = passed ? (unconfirmed > 0 ? 'warn' : 'info') : 'error';
  const { id, selection, selected, outcomes } = run;
  logger[level](
    { run: id, selection, selected, outcomes, verified: passed, provisional, unconfirmed },
    'a run has ended',
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import { phaseOf, type RunRecord, type Totals } from '@inventory/checkpoints';
import { messageOf, printable } from '@inventory/logger';
import { StateDir, summarize } from '@inventory/state-files';
import { weakVerdictLines } from '@inventory/status';
import type { Exporter } from './exporter.ts';
import type { StateKeeperOptions } from './state-keeper.ts';

interface RunReportOptions {
  readonly totals: Totals;
  readonly run: RunRecord;
  readonly stateDir: string;
  /** Its lines. */
  readonly verification: readonly string[];
}

/** The text at the end of a run: summary and verification in the tutorial's words, then verdicts that are not final. */
export function runReport({ totals, run, stateDir, verification }: RunReportOptions): string {
  const weak = weakVerdictLines(totals);
  const parts = [summarize({ totals, run, stateDir }), verification, ...(weak.length > 0 ? [weak] : [])];
  return `${parts.map((lines) => lines.map(printable).join('\n')).join('\n\n')}\n`;
}

export interface ReportRunsOptions extends StateKeeperOptions {
  readonly exporter: Exporter;
  /** Gets each {@link runReport}. */
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
  /** How often it looks for runs that have ended, ms; 1,000 by default. */
  readonly lookEveryMs?: number;
}

/**
 * After the end of each run, brings the files up to date, checks them and prints the report, once: a reported run is
 * marked. Ends with the signal; never rejects.
 */
export async function reportRuns(options: ReportRunsOptions): Promise<void> {
  const { checkpoints, logger, signal, lookEveryMs = 1_000 } = options;
  while (!signal.aborted) {
    try {
      for (const run of await checkpoints.runs.list()) {
        if (phaseOf(run) === 'over' && run.verified === undefined) await report(options, run);
      }
    } catch (error) {
      logger.debug({ error: messageOf(error) }, 'runs could not be read');
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function report({ checkpoints, settings, logger, exporter, print }: ReportRunsOptions, run: RunRecord) {
  await exporter.flush();
  // The reason is logged already; this run is reported once the files are written.
  if (exporter.lastError !== null) return;
  const { passed, lines } = await new StateDir(settings).verify();
  if (!(await checkpoints.runs.noteVerified(run.id, passed))) return;
  const totals = await checkpoints.inventory.totals();
  print(runReport({ totals, run, stateDir: settings.stateDir, verification: lines }));
  const { provisional, unconfirmed } = totals;
  const level = passed ? (unconfirmed > 0 ? 'warn' : 'info') : 'error';
  const { id, selection, selected, outcomes } = run;
  logger[level](
    { run: id, selection, selected, outcomes, verified: passed, provisional, unconfirmed },
    'a run has ended',
  );
}

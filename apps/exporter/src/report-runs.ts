import { setTimeout as sleep } from 'node:timers/promises';
import { type Checkpoints, phaseOf, type RunRecord, type Totals } from '@inventory/checkpoints';
import { messageOf, printable } from '@inventory/logger';
import { StateDir, summarize } from '@inventory/state-files';
import { type RunReport, readRun, weakVerdictLines } from '@inventory/status';
import { changeLines } from '@inventory/status/run-words';
import type { Exporter } from './exporter.ts';
import type { StateKeeperOptions } from './state-keeper.ts';

interface RunReportOptions {
  readonly totals: Totals;
  readonly run: RunRecord;
  readonly stateDir: string;
  readonly verification: readonly string[];
  readonly changed: RunReport | null;
}

/**
 * The text at the end of a run: summary and verification in the tutorial's words, verdicts that are not final, and what has
 * changed.
 */
export function runReport({ totals, run, stateDir, verification, changed }: RunReportOptions): string {
  const changes = changed === null ? [] : changeLines(changed);
  const more = [weakVerdictLines(totals), changes].filter((lines) => lines.length > 0);
  const parts = [summarize({ totals, run, stateDir }), verification, ...more];
  return `${parts.map((lines) => lines.map(printable).join('\n')).join('\n\n')}\n`;
}

/** What a run has changed, as far as its report shows it: the few tests that somebody may have to look at. */
export function readChanged(checkpoints: Checkpoints, id: string): Promise<RunReport | null> {
  return readRun(checkpoints, { id, most: 5, kinds: ['type_changed', 'unlisted', 'error_new'] });
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
        if (signal.aborted) return;
        if (phaseOf(run) === 'over' && run.verified === undefined) await report(options, run);
      }
    } catch (error) {
      logger.debug({ error: messageOf(error) }, 'runs could not be read');
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function report(options: ReportRunsOptions, run: RunRecord): Promise<void> {
  const { checkpoints, settings, logger, exporter, print, signal } = options;
  await exporter.flush();
  // The reason is logged already; this run is reported once the files are written.
  if (signal.aborted || exporter.lastError !== null) return;
  const { passed, lines } = await new StateDir(settings).verify();
  if (!(await checkpoints.runs.noteVerified(run.id, passed))) return;
  const totals = await checkpoints.inventory.totals();
  const changed = await readChanged(checkpoints, run.id);
  print(runReport({ totals, run, stateDir: settings.stateDir, verification: lines, changed }));
  const { provisional, unconfirmed } = totals;
  const level = passed ? (unconfirmed > 0 ? 'warn' : 'info') : 'error';
  const { id, selection, selected, outcomes } = run;
  logger[level](
    {
      run: id,
      selection,
      selected,
      outcomes,
      changes: changed?.run.changes,
      verified: passed,
      provisional,
      unconfirmed,
    },
    'a run has ended',
  );
}

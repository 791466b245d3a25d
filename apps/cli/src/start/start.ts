import type { StartedRun } from '@inventory/checkpoints';
import type { LoadedSettings } from '@inventory/config';
import { Exporter } from '@inventory/exporter';
import {
  checkWorkspaceOptions,
  chooseWorkspaces,
  produce,
  type Selection,
  type WorkspaceOptions,
} from '@inventory/producer';
import { type Account, type ExitCode, exitCode, openAccount, openRuntime, type Runtime } from '@inventory/runtime';
import type { Workspace } from '@inventory/usertesting';
import { startWorker } from '@inventory/worker';
import { barDisplay } from '../progress/bar-display.ts';
import { lineDisplay } from '../progress/line-display.ts';
import { logSink } from '../progress/log-sink.ts';
import type { ProgressDisplay } from '../progress/progress-display.ts';
import { quiet } from '../progress/quiet.ts';
import { finishRun } from './finish-run.ts';
import { watchRun } from './watch-run.ts';

export interface StartOptions {
  readonly settings: LoadedSettings;
  readonly options: WorkspaceOptions;
  readonly signal: AbortSignal;
  /** False when other processes do the probing. */
  readonly work: boolean;
}

/**
 * The whole job in one process: producer, worker and exporter, progress, summary, verification.
 * @returns the exit code; interrupted runs go on at the next start
 */
export async function start({ settings, options, signal, work }: StartOptions): Promise<ExitCode> {
  checkWorkspaceOptions(options);
  const terminal = process.stdout.isTTY === true;
  const sink = terminal && process.stderr.isTTY === true ? logSink(process.stderr) : null;
  const runtime = await openRuntime({ settings, name: 'start', signal, ...(sink && { sink }) });
  const account = openAccount(runtime, signal);
  try {
    account.tokens.start();
    const workspaces = await account.listing.workspaces();
    process.stdout.write(`Found ${workspaces.length} workspaces.\n`);
    const ask = terminal && process.stdin.isTTY === true;
    const selection = await chooseWorkspaces(workspaces, options, { terminal: ask, logger: runtime.logger });
    if (selection === null) return exitCode.interrupted;
    process.stdout.write(`Processing ${selection.workspaces.length} workspace(s).\n`);
    if (await account.queue.release('auth')) runtime.logger.info('the token works: the paused queue goes on');
    await runtime.fill();
    const display = terminal ? barDisplay(sink) : lineDisplay((text) => process.stdout.write(text));
    const workerHome = quiet(runtime, terminal ? 'error' : 'warn');
    return await runToTheEnd({ runtime, workerHome, account, workspaces, selection, signal, work, display });
  } finally {
    await account.close();
    await runtime.close();
  }
}

interface RunOptions {
  readonly runtime: Runtime;
  /** What the worker gets: a log that does not repeat what the progress says. */
  readonly workerHome: Runtime;
  readonly account: Account;
  readonly workspaces: readonly Workspace[];
  readonly selection: Selection;
  readonly signal: AbortSignal;
  readonly work: boolean;
  readonly display: ProgressDisplay;
}

/** Starts the three parts, watches them until the run has ended, and stops them whatever happens. */
async function runToTheEnd(options: RunOptions): Promise<ExitCode> {
  const { runtime, workerHome, account, signal, display } = options;
  const stopping = new AbortController();
  const ended = AbortSignal.any([signal, stopping.signal]);
  let fatal: Error | null = null;
  const giveUp = (error: Error): void => {
    fatal ??= error;
    stopping.abort();
  };
  const feed = await runtime.checkpoints.follow();
  const exporter = await Exporter.start(runtime);
  const worker = options.work ? await startWorker({ runtime: workerHome, ...account, role: 'start', giveUp }) : null;
  let run: StartedRun | null = null;
  const listed = new AbortController();
  const onRun = (started: StartedRun): void => {
    run = started;
    if (started.resumed) display.say('Going on with the run that was interrupted.');
  };
  const producing = produce({ ...options, ...account, signal: ended, onRun, onPage: () => undefined })
    .then(({ failed }) => {
      for (const { uuid, name } of failed) display.say(`[WARN] Workspace ${uuid} (${name}) could not be listed.`);
      listed.abort();
    })
    .catch(giveUp);
  try {
    const record = await watchRun({
      runtime,
      account,
      display,
      feed,
      runId: () => run?.id ?? null,
      listed: listed.signal,
      signal: ended,
    });
    if (fatal !== null) throw fatal;
    if (signal.aborted) {
      await stopWork();
      return interrupted(display);
    }
    display.end();
    // The files name them, and Redis may have lost them meanwhile.
    await runtime.checkpoints.listing.saveWorkspaces(options.workspaces);
    return await finishRun({ runtime, exporter, run: record, stopWork });
  } finally {
    stopping.abort();
    await stopWork().finally(() => exporter.stop());
    display.end();
  }

  async function stopWork(): Promise<void> {
    await Promise.all([producing, worker?.stop()]);
  }
}

function interrupted(display: ProgressDisplay): ExitCode {
  display.end();
  process.stdout.write('Interrupted. Everything so far is kept: run the same command again to go on.\n');
  return exitCode.interrupted;
}

import type { StartedRun } from '@inventory/checkpoints';
import { type LoadedSettings, loadSettings } from '@inventory/config';
import { Exporter, Notifier } from '@inventory/exporter';
import { print } from '@inventory/logger';
import {
  addWorkspaceOptions,
  beginRun,
  checkScheduleOptions,
  checkWorkspaceOptions,
  chooseWorkspaces,
  fillCheckpoints,
  produce,
  readCron,
  readTimeZone,
  type ScheduleOptions,
  type Selection,
  type WorkspaceOptions,
} from '@inventory/producer';
import {
  type Account,
  type CommandContext,
  type ExitCode,
  exitCode,
  openAccount,
  openRuntime,
  type Runtime,
  resumeNotice,
} from '@inventory/runtime';
import type { Workspace } from '@inventory/usertesting';
import { startWorker } from '@inventory/worker';
import { Command } from 'commander';
import { barDisplay, divertedLog, lineDisplay, type ProgressDisplay, quiet } from '../display.ts';
import { finishRun } from './finish-run.ts';
import { watchRun } from './watch-run.ts';

export function startCommand({ signal, end }: CommandContext): Command {
  return addWorkspaceOptions(new Command('start'))
    .description('The whole job: discover, classify, export; can be interrupted and started again at any time.')
    .option(
      '--schedule <cron>',
      'keep running: at once, and on this schedule; "0 2 * * *" is every night at two',
      readCron,
    )
    .option('--time-zone <zone>', "time zone of the schedule; this machine's unless given", readTimeZone)
    .option('--board', 'serve the board, as long as it runs')
    .option('--yes', 'classify again, without asking, what damaged state files have lost')
    .action(async (options: StartOptions['options'] & ScheduleOptions) => {
      checkWorkspaceOptions(options);
      checkScheduleOptions(options);
      const settings = loadSettings({ needs: options.board ? ['credentials', 'board'] : ['credentials'] });
      const { schedule: pattern } = options;
      if (pattern === undefined) return end(await start({ settings, options, signal, work: true }));
      const { stay } = await import('./stay.ts');
      return end(await stay({ settings, options, pattern, signal }));
    });
}

export interface StartOptions {
  readonly settings: LoadedSettings;
  readonly options: WorkspaceOptions & { readonly yes?: boolean; readonly board?: boolean };
  readonly signal: AbortSignal;
  /** False when other processes are the workers. */
  readonly work: boolean;
}

/**
 * The whole job in one process: producer, worker and exporter, progress, summary, verification.
 * @returns the exit code; the next start resumes an interrupted run
 */
export async function start({ settings, options, signal, work }: StartOptions): Promise<ExitCode> {
  const terminal = process.stdout.isTTY === true;
  const sink = terminal && process.stderr.isTTY === true ? divertedLog(process.stderr) : null;
  const display = terminal ? barDisplay(sink) : lineDisplay((text) => process.stdout.write(text));
  display.wait('Opening Redis');
  const opening = openRuntime({ settings, name: 'start', signal, ...(sink && { sink }) });
  await using runtime = await opening.finally(display.end);
  // News of tokens are for logs, not for people.
  await using account = openAccount(terminal ? quiet(runtime) : runtime, signal);
  await using _board = options.board ? await (await import('./stay.ts')).openBoard(runtime) : null;
  try {
    account.tokens.start();
    display.wait(`Asking ${new URL(settings.apiBaseUrl).host} for the workspaces`);
    const workspaces = await account.listing.workspaces();
    display.end();
    process.stdout.write(`Found ${workspaces.length} workspaces.\n`);
    const ask = terminal && process.stdin.isTTY === true;
    const selection = await chooseWorkspaces(workspaces, options, { terminal: ask, logger: runtime.logger });
    if (selection === null) return exitCode.interrupted;
    process.stdout.write(`Processing ${selection.workspaces.length} workspace(s).\n`);
    if (await account.queue.release('auth')) runtime.logger.info('the token works: the queue is no longer held');
    if (!(await fillCheckpoints(runtime, { yes: options.yes, terminal: ask }))) return exitCode.interrupted;
    const workerRuntime = work ? quiet(runtime, terminal ? 'error' : 'warn') : null;
    return await runToTheEnd({ runtime, workerRuntime, account, workspaces, selection, signal, display });
  } finally {
    display.end();
  }
}

interface RunOptions {
  readonly runtime: Runtime;
  /** For the worker of this process, with a quieter log; null when other processes are the workers. */
  readonly workerRuntime: Runtime | null;
  readonly account: Account;
  readonly workspaces: readonly Workspace[];
  readonly selection: Selection;
  readonly signal: AbortSignal;
  readonly display: ProgressDisplay;
}

const stopNotice = 'Stopping when the requests in progress have ended. Ctrl-C again stops at once.';

/** Runs exporter, worker and producer until the run has ended, and stops them in any case. */
async function runToTheEnd(options: RunOptions): Promise<ExitCode> {
  const { runtime, account, workspaces, signal, display } = options;
  const { checkpoints } = runtime;
  // What the listing declares is said for each workspace.
  const feed = await checkpoints.follow({ declared: false });
  const exporter = await Exporter.start(runtime);
  const notifier = Notifier.start({ runtime });
  try {
    const run = await beginRun({ runtime, queue: account.queue, workspaces, selection: options.selection });
    if (run.resumed) display.say(await resumeNotice(runtime, { id: run.id, what: 'run' }));
    const work = await startWork(options, run);
    try {
      const ended = AbortSignal.any([signal, work.failed]);
      const record = await watchRun({
        runtime,
        account,
        display,
        feed,
        run: run.id,
        listed: work.listed,
        signal: ended,
      });
      work.failed.throwIfAborted();
      if (signal.aborted) {
        if (options.workerRuntime !== null) display.say(stopNotice);
        await work.stop();
        display.end();
        print('Interrupted. Everything so far is kept: run the same command again to resume.\n');
        return exitCode.interrupted;
      }
      display.end();
      // Redis may have lost their names since, and the files show them.
      await checkpoints.listing.saveWorkspaces(workspaces);
      return await finishRun({
        runtime,
        exporter,
        run: record,
        stopWork: work.stop,
        lookNext: options.workerRuntime !== null,
      });
    } finally {
      await work.stop();
    }
  } finally {
    await Promise.all([exporter.stop(), notifier?.stop()]);
    display.end();
  }
}

/** The producer and the worker of this process. */
interface Work {
  /** Fires when all workspaces are listed. */
  readonly listed: AbortSignal;
  /** Fires when one of them gives up; the reason is its error. */
  readonly failed: AbortSignal;
  /** Stops listing, and lets the worker finish its requests. */
  readonly stop: () => Promise<void>;
}

async function startWork(options: RunOptions, run: StartedRun): Promise<Work> {
  const { runtime, workerRuntime, account, selection, display } = options;
  const listed = new AbortController();
  const failed = new AbortController();
  const stopping = new AbortController();
  const giveUp = (error: Error): void => failed.abort(error);
  const worker =
    workerRuntime && (await startWorker({ runtime: workerRuntime, ...account, role: 'start', run: run.id, giveUp }));
  const signal = AbortSignal.any([options.signal, failed.signal, stopping.signal]);
  const producing = produce({ runtime, ...account, selection, run, signal, onListed: display.say })
    .then((unlisted) => {
      for (const { uuid, name } of unlisted) display.say(`[WARN] Workspace ${uuid} (${name}) could not be listed.`);
      listed.abort();
    })
    .catch(giveUp);
  return {
    listed: listed.signal,
    failed: failed.signal,
    async stop() {
      stopping.abort();
      await Promise.all([producing, worker?.stop()]);
    },
  };
}

import { type RunningBoard, sayWhere, startBoard } from '@inventory/board';
import type { LoadedSettings } from '@inventory/config';
import { keepUpToDate } from '@inventory/exporter';
import { fillCheckpoints, type ScheduleOptions, scheduleLibrary, type WorkspaceOptions } from '@inventory/producer';
import { type ExitCode, exitCode, openAccount, openRuntime, type Runtime } from '@inventory/runtime';
import { runWorker } from '@inventory/worker';

interface StayOptions {
  readonly settings: LoadedSettings;
  readonly options: WorkspaceOptions & ScheduleOptions & { readonly yes?: boolean; readonly board?: boolean };
  readonly pattern: string;
  readonly signal: AbortSignal;
}

/**
 * Everything in one process until the signal: a run at once and at each tick of the schedule, the worker, the state
 * files with a report of each run, and the board.
 * @returns 1 when the state files are behind at the end
 * @throws the error of the part that fails first, after the others have ended; SettingsError for a board that cannot listen,
 * before anything else begins
 */
export async function stay({ settings, options, pattern, signal }: StayOptions): Promise<ExitCode> {
  await using runtime = await openRuntime({ settings, name: 'start', signal });
  await using _board = options.board ? await openBoard(runtime) : null;
  const ask = process.stdout.isTTY === true && process.stdin.isTTY === true;
  if (!(await fillCheckpoints(runtime, { yes: options.yes, terminal: ask }))) return exitCode.interrupted;
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  await using account = openAccount(runtime, both);
  const { timeZone, yes = false } = options;
  const parts = [
    runWorker({ runtime, role: 'start', signal: both }).then(() => exitCode.done),
    keepUpToDate(runtime, both),
    scheduleLibrary({ runtime, account, options, yes, pattern, timeZone, now: true, signal: both }),
  ];
  for (const part of parts) part.catch((error: unknown) => failed.abort(error));
  const ended = await Promise.allSettled(parts);
  if (failed.signal.aborted) throw failed.signal.reason;
  const codes = ended.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
  return codes.includes(exitCode.partial) ? exitCode.partial : exitCode.done;
}

/** Serves the board, and says where. */
export async function openBoard(runtime: Runtime): Promise<RunningBoard> {
  const board = await startBoard({ runtime });
  sayWhere(`${board.url}${runtime.settings.boardBasePath}`);
  return board;
}

import { messageOf, print } from '@inventory/logger';
import { cronProblem, keepSchedule } from '@inventory/queue';
import { type ExitCode, exitCode, exitCodeOf, UsageError } from '@inventory/runtime';
import { InvalidArgumentError } from 'commander';
import { type EnqueueLibraryOptions, enqueueLibrary } from './enqueue-library.ts';
import { chooseWorkspaces, type WorkspaceOptions } from './workspaces.ts';

/** How the command line gives a schedule. */
export interface ScheduleOptions {
  /** A cron expression. */
  readonly schedule?: string;
  /** IANA name of its time zone. */
  readonly timeZone?: string;
}

const example = '--schedule "0 2 * * *" --time-zone Europe/Berlin';

/** Reads `--schedule`. @throws InvalidArgumentError that says what is expected */
export function readCron(text: string): string {
  const problem = cronProblem(text);
  if (problem === null) return text;
  throw new InvalidArgumentError(
    `Expected a cron expression: minute, hour, day of the month, month, day of the week (${problem}). Every night at two: ${example}`,
  );
}

/** Reads `--time-zone`. @throws InvalidArgumentError that says what is expected */
export function readTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError(`Expected the name of a time zone such as Europe/Berlin or UTC: ${example}`);
  }
}

/** @throws UsageError when the options do not go together */
export function checkScheduleOptions({ schedule, timeZone }: ScheduleOptions): void {
  if (timeZone !== undefined && schedule === undefined)
    throw new UsageError(`--time-zone needs --schedule: ${example}`);
}

export interface ScheduleLibraryOptions extends EnqueueLibraryOptions {
  /** A valid cron expression. */
  readonly pattern: string;
  /** IANA name; this machine's time zone unless given. */
  readonly timeZone: string | undefined;
  /** Whether it is also enqueued at once; false unless given. */
  readonly now?: boolean;
}

/**
 * Enqueues the library at each tick of a schedule, until the signal; all workspaces unless some are named. Prints the time
 * of the next run. A run that fails is logged and recorded, and the schedule continues.
 * @throws UsageError for a workspace that is not in the account
 */
export async function scheduleLibrary(scheduled: ScheduleLibraryOptions): Promise<ExitCode> {
  const { runtime, account, options, yes, pattern, now = false, signal } = scheduled;
  const { keyspace, logger } = runtime;
  const { timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone } = scheduled;
  const uuids = [...new Set(options.workspaceUuid)].sort();
  const isForAll = uuids.length === 0;
  const named: WorkspaceOptions = isForAll ? { all: true } : { workspaceUuid: uuids };
  const library: EnqueueLibraryOptions = { runtime, account, options: named, signal, ...(yes && { yes }) };
  if (!isForAll) await checkWorkspaces(library);
  if (now) await runFirst(library);
  await keepSchedule({
    keyspace,
    selection: isForAll ? 'all' : uuids.join(','),
    pattern,
    timeZone,
    run: () => runOnce(library),
    onNext: (at) => {
      const time = new Date(at).toLocaleString('sv-SE', { timeZone });
      print(`Next run: ${time} ${timeZone} (${pattern})\n`);
    },
    logger,
    signal,
  });
  return exitCode.done;
}

/** The run of a start. What its user has to mend ends the process; an API that is down does not. */
async function runFirst(library: EnqueueLibraryOptions): Promise<void> {
  const { logger, secrets } = library.runtime;
  try {
    await enqueueLibrary(library);
  } catch (error) {
    if (library.signal.aborted) return;
    if (exitCodeOf(error) !== exitCode.partial) throw error;
    logger.error({ reason: secrets.clean(messageOf(error)) }, 'the first run failed; the schedule continues');
  }
}

/** One run. No token is refreshed between runs. */
async function runOnce(library: EnqueueLibraryOptions): Promise<void> {
  const { logger, secrets } = library.runtime;
  try {
    await enqueueLibrary({ ...library, scheduled: true });
  } catch (error) {
    if (library.signal.aborted) return;
    const reason = secrets.clean(messageOf(error));
    logger.error({ reason }, 'a scheduled run failed; the schedule continues');
    throw new Error(reason);
  } finally {
    await library.account.tokens.stop();
  }
}

/** A workspace that does not exist is reported at once, but an API that is down now may be up when the first run is due. */
async function checkWorkspaces({ runtime: { logger }, account, options }: EnqueueLibraryOptions): Promise<void> {
  try {
    await chooseWorkspaces(await account.listing.workspaces(), options, { terminal: false, logger });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    logger.warn({ reason: String(error) }, 'the workspaces could not be checked now; each run checks them');
  }
}

import { keepSchedule } from '@inventory/queue';
import { type Account, type ExitCode, exitCode, type Runtime, UsageError } from '@inventory/runtime';
import { chooseWorkspaces, type WorkspaceOptions } from './choose-workspaces.ts';
import { enqueueLibrary } from './enqueue-library.ts';

export interface ScheduleLibraryOptions {
  readonly runtime: Runtime;
  readonly account: Account;
  readonly options: WorkspaceOptions;
  /** A valid cron expression. */
  readonly pattern: string;
  /** IANA name; null for the one of this machine. */
  readonly timeZone: string | null;
  readonly signal: AbortSignal;
}

/**
 * Enqueues the library at each tick of a schedule, until the signal; without a choice of workspaces all of them.
 * Says on stdout when the next run is. A run that fails is logged and recorded, and the schedule goes on.
 * @throws UsageError for a workspace that is not in the account
 */
export async function scheduleLibrary(scheduled: ScheduleLibraryOptions): Promise<ExitCode> {
  const { runtime, account, options, pattern, signal } = scheduled;
  const { client, logger, settings } = runtime;
  const timeZone = scheduled.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const uuids = [...new Set(options.workspaceUuid)].sort();
  const chosen: WorkspaceOptions = uuids.length > 0 ? { workspaceUuid: uuids } : { all: true };
  if (uuids.length > 0) await checkWorkspaces({ runtime, account, options: chosen });
  await keepSchedule({
    client,
    prefix: settings.queuePrefix,
    selection: uuids.length > 0 ? uuids.join(',') : 'all',
    pattern,
    timeZone,
    run: () => runOnce({ runtime, account, options: chosen, signal }),
    onNext: (at) => {
      const time = new Date(at).toLocaleString('sv-SE', { timeZone });
      process.stdout.write(`Next run: ${time} ${timeZone} (${pattern})\n`);
    },
    logger,
    signal,
  });
  return exitCode.done;
}

/** One run; between two of them no token is kept fresh. */
async function runOnce(options: Parameters<typeof enqueueLibrary>[0]): Promise<void> {
  const { logger, secrets } = options.runtime;
  try {
    await enqueueLibrary(options);
  } catch (error) {
    if (options.signal.aborted) return;
    const reason = secrets.clean(error instanceof Error ? error.message : String(error));
    logger.error({ reason }, 'a scheduled run failed; the schedule goes on');
    throw new Error(reason);
  } finally {
    await options.account.tokens.stop();
  }
}

/** A wrong workspace is said at once, while an API that is away now may be there when the time has come. */
async function checkWorkspaces({
  runtime: { logger },
  account,
  options,
}: Pick<ScheduleLibraryOptions, 'runtime' | 'account' | 'options'>): Promise<void> {
  try {
    await chooseWorkspaces(await account.listing.workspaces(), options, { terminal: false, logger });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    logger.warn({ reason: String(error) }, 'the workspaces could not be checked: the runs will');
  }
}

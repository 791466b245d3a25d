import { type Account, type ExitCode, exitCode, type Runtime, resumeNotice } from '@inventory/runtime';
import { beginRun, produce } from './produce.ts';
import { chooseWorkspaces, type WorkspaceOptions } from './workspaces.ts';

export interface EnqueueLibraryOptions {
  readonly runtime: Runtime;
  readonly account: Account;
  readonly options: WorkspaceOptions;
  readonly signal: AbortSignal;
}

/** One run of the producer: selects workspaces, enqueues their tests, and prints what it did. */
export async function enqueueLibrary({ runtime, account, options, signal }: EnqueueLibraryOptions): Promise<ExitCode> {
  const { logger, checkpoints } = runtime;
  account.tokens.start();
  const workspaces = await account.listing.workspaces();
  process.stdout.write(`Found ${workspaces.length} workspaces.\n`);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const selection = await chooseWorkspaces(workspaces, options, { terminal, logger });
  if (selection === null) return exitCode.interrupted;
  if (await account.queue.release('auth')) logger.info('the token is accepted: the paused queue continues');
  await runtime.fill();
  let enqueued = 0;
  const run = await beginRun({ runtime, queue: account.queue, workspaces, selection });
  if (run.resumed) process.stdout.write(`${await resumeNotice(runtime, 'start', 'run')}\n`);
  const failed = await produce({
    ...account,
    runtime,
    signal,
    run,
    selection,
    onPage: ({ name }, listed, added) => {
      enqueued += added;
      logger.info({ workspace: name, listed, enqueued: added }, 'page listed');
    },
  });
  if (signal.aborted) return exitCode.interrupted;
  const { tests, open } = await checkpoints.inventory.totals();
  const advice = open > 0 ? ' Start workers with: npm run worker' : '';
  process.stdout.write(`${enqueued} tests enqueued; ${open} of ${tests} known tests are open.${advice}\n`);
  for (const { uuid, name } of failed) {
    process.stdout.write(`[WARN] Workspace ${uuid} (${name}) could not be listed.\n`);
  }
  return failed.length === 0 ? exitCode.done : exitCode.partial;
}

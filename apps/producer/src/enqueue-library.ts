import { type Account, type ExitCode, exitCode, type Runtime } from '@inventory/runtime';
import { fillFromStateFiles } from '@inventory/state-files';
import { chooseWorkspaces, type WorkspaceOptions } from './choose-workspaces.ts';
import { produce } from './produce.ts';

export interface EnqueueLibraryOptions {
  readonly runtime: Runtime;
  readonly account: Account;
  readonly options: WorkspaceOptions;
  readonly signal: AbortSignal;
}

/** The producer's whole work: choose, discover, enqueue, and say on stdout what it did. */
export async function enqueueLibrary({ runtime, account, options, signal }: EnqueueLibraryOptions): Promise<ExitCode> {
  const { logger, checkpoints } = runtime;
  account.tokens.start();
  const workspaces = await account.listing.workspaces();
  process.stdout.write(`Found ${workspaces.length} workspaces.\n`);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const selection = await chooseWorkspaces(workspaces, options, { terminal, logger });
  if (selection === null) return exitCode.interrupted;
  if (await account.queue.release('auth')) logger.info('the token works: the paused queue goes on');
  await checkpoints.import.ensureInUse(() => fillFromStateFiles(runtime));
  let enqueued = 0;
  const { failed } = await produce({
    runtime,
    queue: account.queue,
    listing: account.listing,
    signal,
    workspaces,
    selection,
    onRun: ({ resumed }) => resumed && process.stdout.write('Going on with the run that was interrupted.\n'),
    onPage: ({ name }, listed, taken) => {
      enqueued += taken;
      logger.info({ workspace: name, listed, enqueued: taken }, 'page listed');
    },
  });
  if (signal.aborted) return exitCode.interrupted;
  const { tests, open } = await checkpoints.inventory.totals();
  process.stdout.write(
    `${enqueued} tests enqueued; ${open} wait for an outcome, ${tests} are known.${open > 0 ? ' Workers: npm run worker' : ''}\n`,
  );
  for (const { uuid, name } of failed)
    process.stdout.write(`[WARN] Workspace ${uuid} (${name}) could not be listed.\n`);
  return failed.length === 0 ? exitCode.done : exitCode.partial;
}

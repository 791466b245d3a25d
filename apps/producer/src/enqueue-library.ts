import { confirm } from '@clack/prompts';
import { commandLine, print, printable } from '@inventory/logger';
import { readPaceStatus } from '@inventory/queue';
import { type Account, type ExitCode, exitCode, type Runtime, resumeNotice } from '@inventory/runtime';
import { countOf, numberText } from '@inventory/status/words';
import { beginRun, produce } from './produce.ts';
import { chooseWorkspaces, type WorkspaceOptions } from './workspaces.ts';

export interface EnqueueLibraryOptions {
  readonly runtime: Runtime;
  readonly account: Account;
  readonly options: WorkspaceOptions;
  /** Whether tests that damaged state files have lost may be classified again without a question. */
  readonly yes?: boolean;
  /** Whether this is a tick of a schedule. */
  readonly scheduled?: boolean;
  readonly signal: AbortSignal;
}

/** One run of the producer: selects workspaces, enqueues their tests, and prints what it did. */
export async function enqueueLibrary({
  runtime,
  account,
  options,
  yes,
  scheduled,
  signal,
}: EnqueueLibraryOptions): Promise<ExitCode> {
  const { logger, checkpoints } = runtime;
  account.tokens.start();
  const workspaces = await account.listing.workspaces();
  print(`Found ${workspaces.length} workspaces.\n`);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const selection = await chooseWorkspaces(workspaces, options, { terminal, logger });
  if (selection === null) return exitCode.interrupted;
  if (await account.queue.release('auth')) logger.info('the token is accepted: the paused queue continues');
  if (!(await fillCheckpoints(runtime, { yes, terminal }))) return exitCode.interrupted;
  let enqueued = 0;
  const run = await beginRun({ runtime, queue: account.queue, workspaces, selection });
  if (run.resumed) print(`${await resumeNotice(runtime, { id: run.id, what: 'run', scheduled })}\n`);
  const failed = await produce({
    ...account,
    runtime,
    signal,
    run,
    selection,
    onPage: ({ name }, page) => {
      enqueued += page.enqueued;
      logger.debug({ workspace: name, ...page }, 'page listed');
    },
    onListed: (line) => print(`${printable(line)}\n`),
  });
  if (signal.aborted) return exitCode.interrupted;
  const { tests, open } = await checkpoints.inventory.totals();
  const { processes } = await readPaceStatus(runtime.keyspace);
  const advice = open > 0 && processes.length === 0 ? ` Start workers with: ${commandLine('worker')}` : '';
  // A run that continues enqueues its open tests again, which changes nothing where their jobs are alive.
  const added = run.resumed ? '' : `${countOf(enqueued, 'test')} enqueued; `;
  print(`${added}${numberText(open)} of ${countOf(tests, 'known test')} ${open === 1 ? 'is' : 'are'} open.${advice}\n`);
  for (const { uuid, name } of failed) {
    print(`${printable(`[WARN] Workspace ${uuid} (${name}) could not be listed.`)}\n`);
  }
  return failed.length === 0 ? exitCode.done : exitCode.partial;
}

/**
 * Fills new checkpoints from the state files. Where these are damaged, and have lost so many tests that it takes long to
 * classify them again, that has to be said: at the terminal, or with `--yes`.
 * @returns false when the answer was no; then nothing was changed
 * @throws StateDirError, also where there is no user to ask
 */
export async function fillCheckpoints(
  runtime: Pick<Runtime, 'fill'>,
  { yes = false, terminal }: { readonly yes?: boolean | undefined; readonly terminal: boolean },
): Promise<boolean> {
  let declined = false;
  const accept = async (loss: string): Promise<boolean> => {
    if (yes || !terminal) return yes;
    const accepted = await confirm({ message: `${loss} Classify them again?`, initialValue: false });
    declined = accepted !== true;
    return !declined;
  };
  try {
    await runtime.fill(accept);
    return true;
  } catch (error) {
    if (declined) return false;
    throw error;
  }
}

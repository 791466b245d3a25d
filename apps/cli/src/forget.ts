import { createInterface } from 'node:readline/promises';
import type { Checkpoints, Forgotten } from '@inventory/checkpoints';
import { type LoadedSettings, loadSettings } from '@inventory/config';
import { writeOnce } from '@inventory/exporter';
import { workspaceOption } from '@inventory/producer';
import { type Rewriting, rewriteAppendOnlyFile } from '@inventory/redis';

import {
  type CommandContext,
  exitCode,
  knownWorkspaces,
  openQueue,
  openRuntime,
  type Runtime,
  UsageError,
} from '@inventory/runtime';

import { StateDir } from '@inventory/state-files';
import { countOf } from '@inventory/status/words';
import { Command } from 'commander';
import { type Answer, printAnswer } from './command.ts';
import { findAllTests, type MissedTest, missedLines } from './find-test.ts';

/** Which tests to forget, as the command line says it. */
export interface ForgetOptions {
  readonly testUuids: readonly string[];
  readonly workspaceUuid?: readonly string[];
  readonly all?: boolean;
  /** With `all`: without a question. */
  readonly yes?: boolean;
}

export function forgetCommand({ signal, end }: CommandContext): Command {
  return new Command('forget')
    .description('Removes tests from checkpoints, queue and state files; the next run classifies them again.')
    .argument('[test-uuid...]', 'the tests to forget')
    .addOption(workspaceOption('all tests of these workspaces'))
    .option('--all', 'all tests; asks first')
    .option('--yes', 'with --all: do not ask')
    .option('--json', 'print one JSON object')
    .action(
      async (
        testUuids: string[],
        { json = false, ...chosen }: Omit<ForgetOptions, 'testUuids'> & { json?: boolean },
      ) => {
        const terminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
        const ask = (question: string): Promise<boolean> => askYes(question, signal);
        const parts = { settings: loadSettings(), options: { testUuids, ...chosen }, confirm: terminal ? ask : null };
        end(printAnswer(await forget(parts), { json }));
      },
    );
}

/**
 * Asks at the terminal, on stderr since stdout is for results.
 * @returns whether the answer was `yes`; Ctrl-C and the end of input count as no
 */
async function askYes(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  terminal.once('SIGINT', () => left.abort()).once('close', () => left.abort());
  try {
    const answer = await terminal.question(`${question} Type yes: `, {
      signal: AbortSignal.any([signal, left.signal]),
    });
    return answer.trim().toLowerCase() === 'yes';
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

/**
 * Removes tests from the checkpoints, the queue and the state files, so that the next run classifies them again.
 * @param confirm asks for a yes; null without a terminal
 * @returns code 1 when a test was not known, 130 when the question was not answered with yes
 * @throws UsageError, StateDirError when the files cannot be written (the checkpoints have forgotten by then)
 */
export async function forget({
  settings,
  options,
  confirm,
}: {
  readonly settings: LoadedSettings;
  readonly options: ForgetOptions;
  readonly confirm: ((question: string) => Promise<boolean>) | null;
}): Promise<Answer> {
  checkForgetOptions(options);
  const mustAsk = options.all === true && options.yes !== true;
  if (mustAsk && confirm === null) {
    throw new UsageError('Without a terminal, --all needs --yes: it forgets everything.');
  }
  await using runtime = await openRuntime({ settings, name: 'forget' });
  const { checkpoints } = runtime;
  await new StateDir(settings).assertOwn();
  await runtime.fill();
  if (mustAsk && !(await confirm?.(await question(checkpoints)))) {
    return { code: exitCode.interrupted, lines: ['Nothing was forgotten.'], json: { forgotten: [], unknown: [] } };
  }
  const { forgotten, unknown } = await forgetChosen(checkpoints, options);
  await dropJobs(runtime, forgotten, options);
  await writeOnce(runtime);
  const file = await rewriteAppendOnlyFile(runtime.client);
  const tests = forgotten.map(({ key }) => key).filter((key) => !key.startsWith('workspace:'));
  const first =
    tests.length === 0
      ? 'No test was forgotten.'
      : `${countOf(tests.length, 'test')} forgotten; the next run classifies ${tests.length === 1 ? 'it' : 'them'} again.`;
  return {
    code: unknown.length === 0 ? exitCode.done : exitCode.partial,
    lines: [first, ...unknown.flatMap(missedLines), ...fileLines[file]],
    json: { forgotten: tests, unknown, append_only_file: file },
  };
}

const fileLines: Readonly<Record<Rewriting, readonly string[]>> = {
  rewritten: [],
  none: [],
  denied: ["Redis' files on disk still hold what was forgotten: this user may not have them rewritten (BGREWRITEAOF)."],
  failed: ["Redis' files on disk still hold what was forgotten: they could not be rewritten (BGREWRITEAOF)."],
};

/** @throws UsageError unless exactly one way of choosing is used */
export function checkForgetOptions({ testUuids, workspaceUuid = [], all = false, yes = false }: ForgetOptions): void {
  const ways = [testUuids.length > 0, workspaceUuid.length > 0, all].filter(Boolean).length;
  if (ways === 0) throw new UsageError('Say what to forget: UUIDs of tests, --workspace, or --all.');
  if (ways > 1) throw new UsageError('Use only one of: UUIDs of tests, --workspace, --all.');
  if (yes && !all) throw new UsageError('--yes is only for --all; the other ways do not ask.');
}

async function question({ inventory, prefix }: Checkpoints): Promise<string> {
  const { tests } = await inventory.totals();
  return `Forget all ${countOf(tests, 'test')} of ${prefix}, and empty the state files?`;
}

/**
 * Removes the chosen tests from the checkpoints.
 * @returns keys of tests, and `workspace:UUID` for errors of listings
 * @throws UsageError for an unknown workspace; then nothing was removed
 */
async function forgetChosen(
  checkpoints: Checkpoints,
  { testUuids, workspaceUuid = [], all = false }: ForgetOptions,
): Promise<{ readonly forgotten: readonly Forgotten[]; readonly unknown: readonly MissedTest[] }> {
  if (all) return { forgotten: await checkpoints.known.forgetAll(), unknown: [] };
  if (workspaceUuid.length > 0) return { forgotten: await forgetWorkspaces(checkpoints, workspaceUuid), unknown: [] };
  const { found, missed } = await findAllTests(checkpoints, testUuids);
  const known = found.map(({ uuid }) => uuid);
  return { forgotten: await checkpoints.known.forget(known), unknown: missed };
}

/** A test belongs to the workspace under which the state files show it. */
async function forgetWorkspaces(checkpoints: Checkpoints, words: readonly string[]): Promise<Forgotten[]> {
  const uuids = await knownWorkspaces(checkpoints, words);
  const theirs: string[] = [];
  for await (const page of checkpoints.inventory.pages()) {
    for (const { uuid, listing } of page) if (uuids.includes(listing.workspace)) theirs.push(uuid);
  }
  return checkpoints.known.forget([...theirs, ...uuids.map((uuid) => `workspace:${uuid}`)]);
}

/** Jobs with nothing to do would use up permits of the pace; jobs that have ended still name their tests. */
async function dropJobs(
  runtime: Runtime,
  forgotten: readonly Forgotten[],
  { all = false }: ForgetOptions,
): Promise<void> {
  const open = forgotten.filter(({ wasOpen }) => wasOpen).map(({ key }) => key);
  const { pace, queue } = openQueue(runtime);
  await using _closing = queue;
  await queue.drop(open);
  await queue.erase(all ? null : new Set(forgotten.map(({ key }) => key)));
  // What it waited for, that a test is known again, is forgotten too.
  if (all) await pace.circuit.close('controls');
}

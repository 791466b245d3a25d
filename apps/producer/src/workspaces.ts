import { isCancel, text } from '@clack/prompts';

import { commandLine, type Logger, printable } from '@inventory/logger';
import { findWorkspaces, UsageError } from '@inventory/runtime';
import type { Workspace } from '@inventory/usertesting';
import { type Command, Option } from 'commander';

/** How the command line selects workspaces. */
export interface WorkspaceOptions {
  readonly all?: boolean;
  /** UUIDs or names. */
  readonly workspaceUuid?: readonly string[];
}

/** A workspace with its place in the list: a test that several workspaces list belongs to the last of them. */
export interface SelectedWorkspace extends Workspace {
  readonly position: number;
}

/** The workspaces of a run, and the key by which an interrupted run over the same ones is found again. */
export interface Selection {
  readonly key: string;
  readonly workspaces: readonly SelectedWorkspace[];
}

/** Adds the options that select workspaces. */
export function addWorkspaceOptions(command: Command): Command {
  return command.option('--all', 'all workspaces, without asking').addOption(workspaceOption('these workspaces'));
}

/** `--workspace NAME`; the help leaves out its other name, which is that of the tutorial's script. */
export function workspaceOption(what: string): Option {
  const option = new Option('--workspace, --workspace-uuid <name...>', `${what}, by name or UUID`);
  option.flags = '--workspace <name...>';
  return option;
}

/** @throws UsageError when both ways of selecting are used at once. */
export function checkWorkspaceOptions({ all, workspaceUuid = [] }: WorkspaceOptions): void {
  if (all && workspaceUuid.length > 0) throw new UsageError('Use either --all or --workspace, not both.');
}

/** The account answers, but shows none of its workspaces. Nothing was done; processes end with 1. */
class NoWorkspacesError extends Error {
  override readonly name = 'NoWorkspacesError';

  constructor() {
    super(
      'The credentials work, but see no workspace: there is nothing to classify. Have UserTesting support check which ' +
        `workspaces CLIENT_ID may read; ${commandLine('doctor')} shows how many it sees.`,
    );
  }
}

/**
 * The workspaces of the command line, else those that the user at the terminal selects, else all.
 * @returns null when the user cancels the prompt
 * @throws UsageError for a word that means none of the list, NoWorkspacesError when the list is empty
 */
export async function chooseWorkspaces(
  all: readonly Workspace[],
  options: WorkspaceOptions,
  { terminal, logger }: { readonly terminal: boolean; readonly logger: Logger },
): Promise<Selection | null> {
  const { workspaceUuid = [] } = options;
  if (all.length === 0) throw new NoWorkspacesError();
  if (workspaceUuid.length > 0) return selectByWords(all, workspaceUuid);
  if (options.all) return selectAll(all);
  if (terminal) return promptForWorkspaces(all);
  logger.info('no terminal for a prompt: all workspaces are selected (as with --all)');
  return selectAll(all);
}

export function selectAll(all: readonly Workspace[]): Selection {
  return { key: 'all', workspaces: all.map((workspace, position) => ({ ...workspace, position })) };
}

/** @param words UUIDs or names @throws UsageError that lists the known workspaces when a word means none of them */
export function selectByWords(all: readonly Workspace[], words: readonly string[]): Selection {
  const workspaces = findWorkspaces(selectAll(all).workspaces, words);
  const uuids = workspaces.map(({ uuid }) => uuid);
  return { key: uuids.sort().join(','), workspaces };
}

/**
 * The workspaces that an answer to the prompt means: numbers from 1 and ranges such as `1-3`, separated by spaces or
 * commas; `0` or nothing for all.
 * @returns null for any other answer
 */
export function selectByAnswer(all: readonly Workspace[], answer: string): Selection | null {
  const words = answer.split(/[\s,;]+/).filter((word) => word !== '');
  if (words.length === 0 || (words.length === 1 && words[0] === '0')) return selectAll(all);
  const chosen = words.map((word) => numbersOf(word, all.length));
  if (chosen.some((numbers) => numbers.length === 0)) return null;
  return selectByWords(
    all,
    chosen.flat().map((number) => all[number - 1]?.uuid ?? ''),
  );
}

/** `2` and `1-3` as numbers from 1 to the last; none for anything else. */
function numbersOf(word: string, last: number): number[] {
  const [, from = '', to = from] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(word) ?? [];
  const [first, end] = [Number(from), Number(to)];
  if (from === '' || first < 1 || end > last) return [];
  return Array.from({ length: Math.max(0, end - first + 1) }, (_, index) => first + index);
}

async function promptForWorkspaces(all: readonly Workspace[]): Promise<Selection | null> {
  const lines = all.map(({ uuid, name }, index) => `  ${index + 1}) ${printable(`${uuid} (${name})`)}\n`);
  process.stdout.write(`Available workspaces:\n${lines.join('')}`);
  const answer = await text({
    message: 'Select workspace number(s), or press Enter for ALL',
    placeholder: 'for example 1, 3-5',
    validate: (value) =>
      selectByAnswer(all, value ?? '') === null
        ? `Enter numbers from 1 to ${all.length} or ranges such as 1-3; 0 is all.`
        : undefined,
  });
  return isCancel(answer) ? null : selectByAnswer(all, answer ?? '');
}

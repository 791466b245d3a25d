import { UsageError } from '@inventory/runtime';
import type { Workspace } from '@inventory/usertesting';

/** A workspace with its place in the list: of several workspaces that list a test, the last one has it. */
export interface ChosenWorkspace extends Workspace {
  readonly position: number;
}

/** Which workspaces a run is about, and the name under which an interrupted run is found again. */
export interface Selection {
  readonly key: string;
  readonly workspaces: readonly ChosenWorkspace[];
}

/** All workspaces. */
export function selectAll(all: readonly Workspace[]): Selection {
  return { key: 'all', workspaces: all.map((workspace, position) => ({ ...workspace, position })) };
}

/**
 * The workspaces with these UUIDs.
 * @throws UsageError that lists the known ones when a UUID is not among them.
 */
export function selectByUuid(all: readonly Workspace[], wanted: readonly string[]): Selection {
  const unknown = wanted.filter((uuid) => !all.some((workspace) => workspace.uuid === uuid));
  if (unknown.length > 0) {
    const known = all.map(({ uuid, name }) => `  ${uuid}  ${name}`).join('\n') || '  (none)';
    throw new UsageError(`Workspace UUID not found: ${unknown.join(', ')}. Known workspaces:\n${known}`);
  }
  const workspaces = selectAll(all).workspaces.filter(({ uuid }) => wanted.includes(uuid));
  return {
    key: workspaces
      .map(({ uuid }) => uuid)
      .sort()
      .join(','),
    workspaces,
  };
}

/**
 * The workspaces that an answer to the prompt means: one or several numbers from 1, separated by spaces or
 * commas; `0` or nothing for all.
 * @returns null when the answer means nothing
 */
export function selectByAnswer(all: readonly Workspace[], answer: string): Selection | null {
  const words = answer.split(/[\s,;]+/).filter((word) => word !== '');
  if (words.length === 0 || (words.length === 1 && words[0] === '0')) return selectAll(all);
  const uuids = words.map((word) => (/^\d{1,9}$/.test(word) ? all[Number(word) - 1]?.uuid : undefined));
  if (uuids.some((uuid) => uuid === undefined)) return null;
  return selectByUuid(
    all,
    uuids.filter((uuid) => uuid !== undefined),
  );
}

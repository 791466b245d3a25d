import type { Checkpoints } from '@inventory/checkpoints';
import { printable } from '@inventory/logger';
import { UsageError } from './run-process.ts';

interface NamedWorkspace {
  readonly uuid: string;
  readonly name: string;
}

/**
 * The workspaces that words of a command line mean: UUIDs or names, whatever their case; each once, in the order of the
 * list.
 * @throws UsageError that lists the known ones, for a word that means none or several
 */
export function findWorkspaces<Workspace extends NamedWorkspace>(
  all: readonly Workspace[],
  words: readonly string[],
): Workspace[] {
  const meant = words.map((word) => {
    const byUuid = all.filter(({ uuid }) => same(uuid, word));
    return { word, found: byUuid.length > 0 ? byUuid : all.filter(({ name }) => same(name, word)) };
  });
  const missed = meant.filter(({ found }) => found.length === 0).map(({ word }) => printable(word));
  if (missed.length > 0) {
    const list = all.length > 0 ? listOf(all) : '  (none)';
    throw new UsageError(`Workspace not found: ${missed.join(', ')}. Known workspaces:\n${list}`);
  }
  const ambiguous = meant.find(({ found }) => found.length > 1);
  if (ambiguous !== undefined) {
    const { word, found } = ambiguous;
    throw new UsageError(`Several workspaces have the name ${printable(word)}; give the UUID:\n${listOf(found)}`);
  }
  return all.filter((workspace) => meant.some(({ found }) => found[0] === workspace));
}

/** UUIDs of those workspaces of the checkpoints that words mean. @throws UsageError as {@link findWorkspaces} */
export async function knownWorkspaces({ listing }: Checkpoints, words: readonly string[]): Promise<string[]> {
  const known = [...(await listing.workspaces())].map(([uuid, { name }]) => ({ uuid, name }));
  return findWorkspaces(known, words).map(({ uuid }) => uuid);
}

function same(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function listOf(workspaces: readonly NamedWorkspace[]): string {
  return workspaces.map(({ uuid, name }) => `  ${uuid}  ${printable(name)}`).join('\n');
}

import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from './engine.ts';

/**
 * Copies what a clone of the repository would hold (with changes that are not committed yet) to a folder of its own,
 * so that neither `.env` nor `state/` of this one is touched. @returns the folder
 */
export async function copyProject(root: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-containers-'));
  const listed = await mustRun(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const deleted = await mustRun(['git', 'ls-files', '-z', '--deleted'], { cwd: root });
  const gone = new Set(deleted.split('\0'));
  const names = new Set(listed.split('\0').filter((name) => name !== '' && !gone.has(name)));
  for (const name of names) await cp(join(root, name), join(folder, name), { verbatimSymlinks: true });
  return folder;
}

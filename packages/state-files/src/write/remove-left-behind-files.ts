import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../in-state-dir.ts';
import { isLeftBehind } from './temporary-file-name.ts';
import { thisProcess } from './this-process.ts';

/** Removes temporary files of writes that died. What cannot be removed stays: it harms nobody. */
export async function removeLeftBehindFiles(stateDir: string): Promise<void> {
  const names = await readdir(stateDir).catch(() => []);
  const self = thisProcess();
  for (const name of names.filter((each) => each.endsWith('.tmp'))) {
    const path = join(stateDir, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (isLeftBehind(name, Date.now() - mtimeMs, self, isAlive)) await rm(path, { force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

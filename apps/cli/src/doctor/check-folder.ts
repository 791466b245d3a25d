import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { displayPath } from '@inventory/logger';
import type { Finding } from './finding.ts';

/** Makes sure that a folder can be written, by writing a file in it and removing it. @param name the setting's name */
export async function checkFolder(name: 'STATE_DIR' | 'DATA_DIR', path: string): Promise<Finding> {
  const shown = displayPath(path);
  let made: string | undefined;
  try {
    made = await mkdir(path, { recursive: true });
    await writeAndRemove(join(path, `.doctor-${randomUUID()}`));
    return { level: 'PASS', check: name, message: `${shown} can be written` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const message = `${shown} cannot be written (${code}): give this user access, free some space, or choose another`;
    return { level: 'FAIL', check: name, message };
  } finally {
    if (made !== undefined) await removeEmpty(path, made);
  }
}

/** Removes what was not there before, unless somebody has begun to use it: the folder is made when it is needed. */
async function removeEmpty(path: string, made: string): Promise<void> {
  for (let folder = path; folder.startsWith(made); folder = dirname(folder)) {
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

async function writeAndRemove(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile('written by npm run doctor, to be removed at once\n');
    await file.sync();
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

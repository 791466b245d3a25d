import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A folder for one test, removed after it. */
export async function temporaryFolder(afterTest: (work: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-'));
  afterTest(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

const run = promisify(execFile);

/** Mounts a tmpfs on a folder for one test. @returns false where that is not possible (no root, no mount) */
export async function mountTmpfs(
  folder: string,
  options: string,
  afterTest: (work: () => Promise<void>) => void,
): Promise<boolean> {
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).then(
    () => true,
    () => false,
  );
  if (mounted) afterTest(async () => void (await run('umount', ['-l', folder])));
  return mounted;
}

/** Makes a mounted tmpfs read-only or writable again, or another size. */
export async function remount(folder: string, options: string): Promise<void> {
  await run('mount', ['-o', `remount,${options}`, folder]);
}

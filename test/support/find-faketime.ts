import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The library (Debian: libfaketime) that gives a process a clock of its own; null on a machine without it. */
export async function findFaketime(): Promise<string | null> {
  const machines = await readdir('/usr/lib').catch(() => []);
  for (const folder of ['/usr/lib', '/usr/local/lib', ...machines.map((name) => join('/usr/lib', name))]) {
    const path = join(folder, 'faketime', 'libfaketime.so.1');
    if (await exists(path)) return path;
  }
  return null;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

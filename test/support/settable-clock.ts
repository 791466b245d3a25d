import { execFile } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A wall clock for one process, Redis for example, that can be set while it runs. */
export interface SettableClock {
  /** The environment that gives it to a process. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets it so far ahead of the true time (negative: behind). */
  set(aheadMs: number): Promise<void>;
}

const source = fileURLToPath(new URL('settable-clock.c', import.meta.url));

/**
 * Makes one in a folder; null where there is no C compiler (`cc`) for it. Timers that only count are not changed.
 * Debian's libfaketime would do, but hangs with the memory allocator that Debian's Redis is built with.
 */
export async function makeSettableClock(folder: string): Promise<SettableClock | null> {
  const library = join(folder, 'clock.so');
  const file = join(folder, 'clock');
  const built = await promisify(execFile)('cc', ['-shared', '-fPIC', '-O1', '-o', library, source]).then(
    () => true,
    () => false,
  );
  if (!built || process.platform !== 'linux') return null;
  await writeFile(file, bytesOf(0));
  return {
    env: { LD_PRELOAD: library, CLOCK_FILE: file },
    async set(aheadMs) {
      // In place: the process has this very file in its memory.
      const handle = await open(file, 'r+');
      await handle.write(bytesOf(aheadMs), 0, 8, 0);
      await handle.close();
    },
  };
}

function bytesOf(number: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(number));
  return bytes;
}

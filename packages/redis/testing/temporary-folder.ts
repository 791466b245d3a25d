import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLivingServer } from '../src/embedded/server-record.ts';

/** A folder for one test; after it (vitest's `onTestFinished`), a Redis left running in `redis/` below is killed and the folder removed. */
export async function temporaryFolder(afterTest: (work: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-'));
  afterTest(async () => {
    const left = await readLivingServer(join(folder, 'redis'));
    if (left !== null) process.kill(left.pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return folder;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { readLivingServer, removeServerRecord } from './server-record.ts';

/** Milliseconds for Redis to write its data and end. */
const endWithinMs = 20_000;

/**
 * Stops the Redis of a folder and waits until its process is gone. Only under the lock, with nobody else attached.
 * @throws Error when it refuses or takes longer than 20 s.
 */
export async function stopRedisServer(folder: string, client: Redis): Promise<void> {
  const deadline = Date.now() + endWithinMs;
  const refused = await askUntil(client, deadline);
  while ((await readLivingServer(folder)) !== null) {
    if (Date.now() > deadline) throw refused ?? new Error(`it still runs after ${endWithinMs / 1000} s`);
    await sleep(10);
  }
  await removeServerRecord(folder);
}

/** Redis refuses to end while it writes its first append-only file, so it is asked again. */
async function askUntil(client: Redis, deadline: number): Promise<Error | null> {
  for (;;) {
    // A Redis that obeys cuts the connection, without an answer.
    const refusal = await client.shutdown().then(
      () => null,
      (error: Error) => (client.status === 'ready' && /^ERR/.test(error.message) ? error : null),
    );
    if (refusal === null || Date.now() > deadline) return refusal;
    await sleep(100);
  }
}

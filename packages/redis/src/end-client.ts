import { once } from 'node:events';
import type { RedisClient } from './create-client.ts';

/** Ends a connection: lets commands on their way finish for up to a second, then cuts it. Never throws. */
export async function endClient(client: RedisClient): Promise<void> {
  if (client.status === 'end') return;
  const ended = once(client, 'end').catch(() => undefined);
  if (client.status === 'ready') {
    const quitting = client.quit().catch(() => undefined);
    await upToOneSecond(quitting);
  }
  client.disconnect();
  await upToOneSecond(ended);
}

async function upToOneSecond(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1000);
  });
  await Promise.race([work, tooLong]);
  clearTimeout(timer);
}

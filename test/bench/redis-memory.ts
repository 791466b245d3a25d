import type { RedisClient } from '@inventory/redis';

/** What Redis holds in memory, bytes. */
export async function redisMemory(client: RedisClient): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
}

/** The append-only file, bytes. */
export async function redisFile(client: RedisClient): Promise<number> {
  return Number(/^aof_current_size:(\d+)/m.exec(await client.info('persistence'))?.[1]);
}

/** Begins to watch for commands that keep Redis busy for more than a millisecond. */
export async function watchSlowCommands(client: RedisClient): Promise<void> {
  await client.config('SET', 'slowlog-log-slower-than', '1000');
  await client.config('SET', 'slowlog-max-len', '10000');
  await client.slowlog('RESET');
}

/** The command that kept Redis busy for longest since then, and for how long (ms); others had to wait for so long. */
export async function slowestCommand(client: RedisClient): Promise<{ readonly ms: number; readonly name: string }> {
  const entries = (await client.slowlog('GET', 10_000)) as [number, number, number, string[]][];
  const slowest = entries.reduce((most, entry) => (entry[2] > most[2] ? entry : most), [0, 0, 0, ['none']] as const);
  await client.config('SET', 'slowlog-log-slower-than', '10000');
  return { ms: slowest[2] / 1000, name: slowest[3][0] ?? '' };
}

import { randomUUID } from 'node:crypto';
import { Checkpoints, type ImportedTest } from '@inventory/checkpoints';
import { type Category, categories } from '@inventory/classification';
import { Keyspace, openRedis } from '@inventory/redis';
import { recordedLogger } from './recorded-logger.ts';

/** Checkpoints under a prefix of their own, in use and empty unless said otherwise. */
export async function checkpointsInUse(
  redisUrl: string,
  afterTest: (work: () => Promise<void>) => void,
  { prefix = `{${randomUUID()}}`, use = true } = {},
): Promise<Checkpoints> {
  const runtime = await openRedis({ redisUrl, dataDir: '', name: 'test', logger: recordedLogger().logger });
  const client = runtime.connect('test');
  afterTest(async () => {
    await empty(client, prefix);
    await runtime.close();
  });
  const checkpoints = await Checkpoints.open(new Keyspace(client, prefix));
  if (use) await checkpoints.import.ensureInUse(async () => undefined);
  return checkpoints;
}

/** Does to one prefix what FLUSHALL does to a whole Redis. */
export async function empty(client: Checkpoints['client'], prefix: string): Promise<void> {
  const keys = await client.keys(`${prefix}*`);
  if (keys.length > 0) await client.del(...keys);
}

/** Adds tests numbered from `from`, of all categories in turn or of one, in three workspaces. */
export async function addTests(
  checkpoints: Checkpoints,
  count: number,
  { from = 0, category }: { from?: number; category?: Category } = {},
): Promise<void> {
  const tests: ImportedTest[] = Array.from({ length: count }, (_, index) => ({
    uuid: testUuid(from + index),
    workspace: `w${index % 3}`,
    name: `Büro ${index % 3}`,
    category: category ?? categories[index % categories.length] ?? 'survey',
  }));
  for (let at = 0; at < tests.length; at += 500) await checkpoints.import.tests(tests.slice(at, at + 500));
}

/** The UUID of a numbered test; in the order of the numbers. */
export function testUuid(number: number): string {
  return `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

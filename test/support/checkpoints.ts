import { randomUUID } from 'node:crypto';
import { Checkpoints, type ErrorRecord, type ImportedTest, type StartedRun } from '@inventory/checkpoints';
import { type Category, categories } from '@inventory/classification';
import { Keyspace, openRedis } from '@inventory/redis';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
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

/** Checkpoints of their own on the run's real Redis. */
export interface TestCheckpoints extends AsyncDisposable {
  readonly client: Redis;
  readonly prefix: string;
  readonly keyspace: Keyspace;
  readonly checkpoints: Checkpoints;
  /** Starts a run and lists a page of new tests in workspace `w`, so that they are open. */
  open(...uuids: string[]): Promise<StartedRun>;
}

export async function openTestCheckpoints(): Promise<TestCheckpoints> {
  const client = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null });
  const prefix = `{${randomUUID()}}`;
  const keyspace = new Keyspace(client, prefix);
  const checkpoints = await Checkpoints.open(keyspace);
  return {
    client,
    prefix,
    keyspace,
    checkpoints,
    async open(...uuids) {
      const run = await checkpoints.runs.start('all');
      const tests = uuids.map((uuid) => ({ uuid, listing: {}, declared: null }));
      const place = { workspace: 'w', position: 0, probe: true };
      await checkpoints.listing.savePage({ run: run.id, joinedAt: run.joinedAt, ...place, tests });
      return run;
    },
    async [Symbol.asyncDispose]() {
      await client.quit();
    },
  };
}

/** All errors in the order of their keys. */
export async function allErrors({
  inventory,
}: Pick<Checkpoints, 'inventory'>): Promise<(readonly [string, ErrorRecord])[]> {
  const errors: (readonly [string, ErrorRecord])[] = [];
  for await (const portion of inventory.errors()) errors.push(...portion);
  return errors;
}

type Place = Pick<Checkpoints, 'client' | 'prefix'>;

/** Makes the verdict of a test a provisional one. @param until epoch ms */
export async function makeProvisional({ client, prefix }: Place, uuid: string, until: number): Promise<void> {
  const verdict = JSON.parse((await client.hget(`${prefix}:verdicts`, uuid)) ?? '{}');
  await client.hset(`${prefix}:verdicts`, uuid, JSON.stringify({ ...verdict, provisionalUntil: until }));
  await client.zadd(`${prefix}:provisional`, until, uuid);
  await moveRevisions({ client, prefix });
}

/** Has nothing confirm the verdicts of these tests. */
export async function makeUnconfirmed({ client, prefix }: Place, ...uuids: string[]): Promise<void> {
  await client.sadd(`${prefix}:unconfirmed`, ...uuids);
  await moveRevisions({ client, prefix });
}

async function moveRevisions({ client, prefix }: Place): Promise<void> {
  const revision = Number(await client.get(`${prefix}:revision`)) + 1;
  await client.mset(`${prefix}:revision`, revision, `${prefix}:untold`, revision);
}

// npx tsx --conditions=source test/sizing/main.ts [TESTS]: the memory that Redis and an exporter need for a library (docs/deploy.md).
import { openCheckpoints, type Selected } from '@inventory/checkpoints';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { Pace, TestQueue } from '@inventory/queue';
import { openRedis, type RedisClient } from '@inventory/redis';
import { startOwnRedis } from '../support/own-redis.ts';
import { startProgram } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { peakMemory } from './peak-memory.ts';
import { probeTests } from './probe-tests.ts';

const prefix = '{sizing}';
const pageSize = 500;
const tests = Number(process.argv[2] ?? 100_000);
const ends: (() => Promise<void>)[] = [];

try {
  const { url } = await startOwnRedis((end) => ends.push(end));
  const logger = createLogger({ name: 'sizing', level: 'warn', format: '', secrets: new SecretRegistry() });
  const redis = await openRedis({ redisUrl: url, dataDir: '', name: 'sizing', logger });
  ends.unshift(() => redis.close());
  await measure(redis.connect('main'), url);
} finally {
  for (const end of ends) await end();
}

/** Takes a library through its life: enqueued, probed, and worked off. */
async function measure(client: RedisClient, redisUrl: string): Promise<void> {
  const checkpoints = await openCheckpoints(client, prefix);
  const queue = new TestQueue(client, prefix, new Pace(client, prefix, 6050));
  await checkpoints.import.ensureInUse(async () => undefined);
  await checkpoints.listing.saveWorkspaces([{ uuid: 'w', name: 'Workspace' }]);
  await report(client, 'empty');
  const { id: run, joinedAt } = await checkpoints.runs.start('all');
  for (let from = 0; from < tests; from += pageSize) {
    const page = Array.from({ length: Math.min(pageSize, tests - from) }, (_, index) => testOf(from + index));
    const place = { run, joinedAt, workspace: 'w', position: 0, probe: true };
    const selected: Selected[] = await checkpoints.listing.savePage({ ...place, tests: page });
    await queue.enqueue(selected);
  }
  await report(client, `${tests} tests listed and enqueued`);
  await probeTests(checkpoints, tests, (number) => testOf(number).uuid);
  await report(client, 'all of them probed, with four answers each, and still enqueued');
  const folder = await temporaryFolder((end) => ends.push(end));
  const settings = { REDIS_URL: redisUrl, QUEUE_PREFIX: prefix, STATE_DIR: folder };
  const megabytes = await peakMemory(startProgram('exporter', ['--once'], settings));
  process.stdout.write(`an exporter that writes all of them: ${megabytes.toFixed(0)} MB resident at most\n`);
  await queue.bull.obliterate({ force: true });
  await queue.close();
  await report(client, 'the queue empty again');
}

function testOf(number: number) {
  const start = ((number * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');
  return {
    uuid: `${start}-0000-4000-8000-${String(number).padStart(12, '0')}`,
    listing: { title: `Checkout prototype, round ${number}`, orderedAt: '2026-02-13T12:07:33Z' },
    declared: null,
  };
}

async function report(client: RedisClient, when: string): Promise<void> {
  const facts = `${await client.info('memory')}\n${await client.info('persistence')}`;
  const megabytes = (name: string): string =>
    (Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(facts)?.[1]) / 1e6).toFixed(0);
  process.stdout.write(
    `${when}: ${megabytes('used_memory')} MB used, ${megabytes('used_memory_rss')} MB resident, ` +
      `${megabytes('aof_current_size')} MB on disk\n`,
  );
}

import { Checkpoints } from '@inventory/checkpoints';
import { Pace, TestQueue } from '@inventory/queue';
import { Keyspace, type RedisClient } from '@inventory/redis';
import { freshPrefix, redisMemory } from './measure.ts';
import { enqueueTests, probeTests } from './numbered-tests.ts';
import { number, type Part, table } from './part.ts';

/** What Redis holds for a library that is probed, at each stage of its life. */
export const memoryBench: Part = async ({ client, quick, wrong }) => {
  const tests = quick ? 2_000 : 100_000;
  const about = `Memory of Redis for ${number(tests)} tests that are probed`;
  const row = table(about, ['when', 'memory', 'bytes per test', 'append-only file']);
  const checkpoints = await Checkpoints.open(new Keyspace(client, await freshPrefix(client)));
  const queue = new TestQueue(checkpoints, new Pace(checkpoints, 6050));
  const before = await redisMemory(client);
  const show = async (when: string): Promise<void> => {
    const bytes = (await redisMemory(client)) - before;
    const [memory, file] = [bytes, await redisFile(client)].map((value) => `${(value / 1e6).toFixed(0)} MB`);
    row(when, memory ?? '', (bytes / tests).toFixed(0), file ?? '');
  };
  await enqueueTests(checkpoints, queue, tests);
  await show('listed and enqueued');
  await probeTests(checkpoints, tests);
  await show('all probed, four answers each, still in the queue');
  await queue.bull.obliterate({ force: true });
  await queue.close();
  await show('worked off');
  const { survey } = (await checkpoints.inventory.totals()).byCategory;
  wrong(survey !== tests && `${survey} of ${tests} tests are surveys`);
};

/** The append-only file, bytes. */
async function redisFile(client: RedisClient): Promise<number> {
  return Number(/^aof_current_size:(\d+)/m.exec(await client.info('persistence'))?.[1]);
}

import { Checkpoints } from '@inventory/checkpoints';
import { Pace, TestQueue } from '@inventory/queue';
import { Keyspace } from '@inventory/redis';
import { enqueuedUuid, enqueueTests } from './enqueue-tests.ts';
import type { Part } from './part.ts';
import { print, printHead, printRow } from './print.ts';
import { probeTests } from './probe-tests.ts';
import { redisFile, redisMemory } from './redis-memory.ts';
import { withPrefix } from './with-prefix.ts';

/** What Redis holds for a library that is probed, at each stage of its life. */
export const memoryBench: Part = async ({ redis, quick }) => {
  const tests = quick ? 2_000 : 100_000;
  const client = redis.connect('memory');
  print(`\nMemory of Redis for ${tests.toLocaleString('en-US')} tests that are probed:\n`);
  printHead(['when', 'memory', 'bytes a test', 'append-only file']);
  return await withPrefix(client, async (prefix) => {
    const checkpoints = await Checkpoints.open(new Keyspace(client, prefix));
    const queue = new TestQueue(client, prefix, new Pace(client, prefix, 6050));
    const before = await redisMemory(client);
    const say = async (when: string): Promise<void> => {
      const bytes = (await redisMemory(client)) - before;
      const megabytes = (value: number): string => `${(value / 1e6).toFixed(0)} MB`;
      printRow([when, megabytes(bytes), (bytes / tests).toFixed(0), megabytes(await redisFile(client))]);
    };
    await enqueueTests(checkpoints, queue, tests);
    await say('listed and enqueued');
    await probeTests(checkpoints, tests, enqueuedUuid);
    await say('all probed, four answers each, still in the queue');
    await queue.bull.obliterate({ force: true });
    await queue.close();
    await say('worked off');
    const { byCategory } = await checkpoints.inventory.totals();
    return {
      wrong: byCategory.survey === tests ? [] : [`${byCategory.survey} of ${tests} tests are surveys`],
      missed: [],
    };
  });
};

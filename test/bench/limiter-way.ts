import { randomUUID } from 'node:crypto';
import type { RedisClient } from '@inventory/redis';
import { Queue, Worker } from 'bullmq';
import type { SandboxProcess } from './sandbox-process.ts';
import { classifyOne, openApi } from './script-way.ts';

/**
 * What one would write first with BullMQ: a limiter of 10 jobs per window and one job a test, which asks all it
 * has to. The limiter counts jobs, not requests, and lets them start in bursts.
 */
export async function limiterWay(sandbox: SandboxProcess, connection: RedisClient, intervalMs: number): Promise<void> {
  const ask = await openApi(sandbox);
  const name = 'limiter-way';
  const options = { connection, prefix: `{bench-${randomUUID()}}` };
  const queue = new Queue(name, options);
  const tests = await sandbox.library();
  await queue.addBulk(tests.map(({ uuid }) => ({ name: 'test', data: { uuid } })));
  const worker = new Worker<{ uuid: string }>(name, async ({ data }) => void (await classifyOne(ask, data.uuid)), {
    ...options,
    concurrency: 10,
    limiter: { max: 10, duration: 10 * intervalMs },
  });
  await new Promise<void>((resolve) => {
    let left = tests.length;
    worker.on('completed', () => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
  await worker.close();
  await queue.close();
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoints } from '@inventory/checkpoints';
import { Pace, TestQueue } from '@inventory/queue';
import type { RedisClient } from '@inventory/redis';
import { Keyspace } from '@inventory/redis';
import { enqueueTests } from './enqueue-tests.ts';
import { ourWay } from './our-way.ts';
import { redisMemory } from './redis-memory.ts';
import { type Measured, runMeasured } from './run-measured.ts';
import { startSandboxProcess } from './sandbox-process.ts';

export interface JobsOptions {
  readonly client: RedisClient;
  /** Where a library stands already. */
  readonly prefix: string;
  readonly dataDir: string;
  /** Tests that are probed on top of it. */
  readonly probed: number;
  /** Tests that are enqueued on top of it. */
  readonly jobs: number;
}

/** What new tests cost where there are many already. */
export interface JobsFigures {
  readonly probedMsPerTest: number;
  readonly enqueuedMsPerJob: number;
  /** Of checkpoint and job together. */
  readonly bytesPerJob: number;
  /** `forget --all`, which also empties the queue. */
  readonly forget: Measured;
  readonly wrong: readonly string[];
}

/** Probes some tests on top of a library, enqueues others, and has everything forgotten. */
export async function jobsAtSize({ client, prefix, dataDir, probed, jobs }: JobsOptions): Promise<JobsFigures> {
  const checkpoints = await Checkpoints.open(new Keyspace(client, prefix));
  const { inventory } = checkpoints;
  const probedMs = await probeSome(client, prefix, dataDir, probed);
  const openAfter = (await inventory.totals()).open;
  const before = await redisMemory(client);
  const queue = new TestQueue(client, prefix, new Pace(client, prefix, 0));
  const enqueuedMs = await enqueueTests(checkpoints, queue, jobs);
  const bytesPerJob = ((await redisMemory(client)) - before) / jobs;
  const { waiting } = await queue.counts();
  const folder = await mkdtemp(join(tmpdir(), 'inventory-bench-'));
  const settings = { QUEUE_PREFIX: prefix, STATE_DIR: folder, DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  const forget = await runMeasured('cli', ['forget', '--all', '--yes'], settings);
  await rm(folder, { recursive: true, force: true });
  const left = (await inventory.totals()).tests + (await queue.counts()).waiting;
  await queue.close();
  return {
    probedMsPerTest: probedMs / probed,
    enqueuedMsPerJob: enqueuedMs / jobs,
    bytesPerJob,
    forget,
    wrong: [
      ...(openAfter === 0 ? [] : [`${openAfter} tests were left open`]),
      ...(waiting === jobs ? [] : [`${waiting} jobs instead of ${jobs}`]),
      ...(forget.code === 0 && left === 0 ? [] : [`${left} tests or jobs were not forgotten`]),
    ],
  };
}

async function probeSome(client: RedisClient, prefix: string, dataDir: string, tests: number): Promise<number> {
  const sandbox = await startSandboxProcess({ tests, seed: 2 });
  try {
    return await ourWay({ sandbox, client, prefix, dataDir, intervalMs: 0, workers: 2 });
  } finally {
    await sandbox.stop();
  }
}

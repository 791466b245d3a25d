import { setTimeout as sleep } from 'node:timers/promises';
import { Checkpoints } from '@inventory/checkpoints';
import type { RedisClient } from '@inventory/redis';
import { Keyspace } from '@inventory/redis';
import { type Ended, runProgram, startProgram } from '../support/program.ts';
import type { SandboxProcess } from './sandbox-process.ts';

export interface OurWayOptions {
  readonly sandbox: SandboxProcess;
  readonly client: RedisClient;
  readonly prefix: string;
  /** Where the embedded Redis of the benchmark is. */
  readonly dataDir: string;
  readonly intervalMs: number;
  readonly workers: number;
}

/**
 * The library probed by this program: one producer and so many worker processes, which are ready before.
 * @returns time from the start of the producer until every test has its outcome, ms
 */
export async function ourWay(options: OurWayOptions): Promise<number> {
  const { sandbox, client, prefix, dataDir, intervalMs, workers } = options;
  const settings = {
    ...sandbox.settings,
    QUEUE_PREFIX: prefix,
    CLASSIFY_BY: 'probe',
    REQUEST_INTERVAL_MS: String(intervalMs),
    DATA_DIR: dataDir,
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
  };
  const { inventory } = await Checkpoints.open(new Keyspace(client, prefix));
  const running = Array.from({ length: workers }, () => startProgram('worker', [], settings));
  try {
    await Promise.all(running.map((worker) => worker.said('ready for tests')));
    const startedAt = performance.now();
    assertDone(await runProgram('producer', ['--all'], settings));
    while ((await inventory.totals()).open > 0) await sleep(20);
    return performance.now() - startedAt;
  } finally {
    for (const worker of running) worker.kill('SIGTERM');
    await Promise.all(running.map(({ ended }) => ended));
  }
}

function assertDone({ code, stdout, stderr }: Ended): void {
  if (code !== 0) throw new Error(`the producer ended with ${code}:\n${stdout}\n${stderr}`);
}

import { createLogger, type Logger, SecretRegistry } from '@inventory/logger';
import { Pace, type Slots, type SlotsOptions, startSlots, TestQueue } from '@inventory/queue';
import { openTestCheckpoints, type TestCheckpoints } from './checkpoints.ts';

/** A queue of its own on the run's real Redis, with checkpoints beside it. */
export interface OpenedTestQueue extends TestCheckpoints {
  readonly pace: Pace;
  readonly queue: TestQueue;
  readonly logger: Logger;
  /** Starts slots that are closed in the end. */
  slots(options: Pick<SlotsOptions, 'activate'> & Partial<SlotsOptions>): Slots;
  /** When requests started, oldest first, ms of Redis' clock with fractions. */
  starts(): Promise<number[]>;
  /** The shortest time between two neighbouring starts, ms. */
  leastSpacing(): Promise<number>;
}

export async function openTestQueue(intervalMs: number): Promise<OpenedTestQueue> {
  const bench = await openTestCheckpoints();
  const { client, prefix, keyspace } = bench;
  const logger = createLogger({ name: 'test', level: 'silent', format: 'json', secrets: new SecretRegistry() });
  const pace = new Pace(keyspace, intervalMs);
  const queue = new TestQueue(keyspace, pace);
  const running: Slots[] = [];
  const starts = async (): Promise<number[]> =>
    (await client.lrange(`${prefix}:starts`, 0, -1)).map((micros) => Number(micros) / 1000).reverse();
  return {
    ...bench,
    pace,
    queue,
    logger,
    starts,
    async leastSpacing() {
      const times = await starts();
      return Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
    },
    slots(options) {
      const slots = startSlots({ keyspace, pace, slots: 1, logger, onNewerJob: () => undefined, ...options });
      running.push(slots);
      return slots;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((slots) => slots.close()));
      await queue.close();
      await bench[Symbol.asyncDispose]();
    },
  };
}

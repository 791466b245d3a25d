import { randomUUID } from 'node:crypto';
import type { Logger } from '@inventory/logger';
import type { RedisClient } from '@inventory/redis';
import { addBatch } from './add-batch.ts';
import type { Batch, WorkCounts } from './work-counts.ts';

export interface HandOverOptions {
  readonly client: RedisClient;
  readonly prefix: string;
  readonly counts: WorkCounts;
  readonly logger: Logger;
  /** Time between two hand-overs, ms; 5,000 unless said otherwise. */
  readonly everyMs?: number;
}

/** A hand-over that goes on. */
export interface HandOver {
  /** Hands over what is left and ends; waits for Redis two seconds at most. Never throws. */
  stop(): Promise<void>;
}

const lastChance = 2_000;

/**
 * Hands the counts of this process to Redis again and again. A batch is kept until Redis has confirmed it, and
 * is numbered, so that one whose confirmation was lost is not added twice.
 */
export function startHandOver({ client, prefix, counts, logger, everyMs = 5_000 }: HandOverOptions): HandOver {
  const process = randomUUID();
  let number = 1;
  let batch: Batch | null = null;
  let failing = false;
  let sending: Promise<void> | null = null;

  async function send(): Promise<void> {
    batch ??= counts.take();
    if (batch === null) return;
    try {
      await addBatch(client, prefix, { process, number, batch });
      batch = null;
      number += 1;
      failing = false;
    } catch (error) {
      if (!failing) logger.warn({ error: String(error) }, 'the counts for the metrics wait until Redis takes them');
      failing = true;
    }
  }
  function handOver(): Promise<void> {
    sending ??= send().finally(() => {
      sending = null;
    });
    return sending;
  }
  const timer = setInterval(() => void handOver(), everyMs);
  return {
    async stop() {
      clearInterval(timer);
      // The first may be one that is on its way, without what was counted since.
      await upTo(lastChance, handOver().then(handOver));
    },
  };
}

async function upTo(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, tooLong]);
  clearTimeout(timer);
}

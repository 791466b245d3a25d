import type { Logger } from '@inventory/logger';
import { type RedisClient, redisAway } from '@inventory/redis';
import { aborted } from './aborted.ts';
import { exitCode } from './exit-code.ts';

export interface EndWithoutRedisOptions {
  readonly client: RedisClient;
  readonly logger: Logger;
  /** Tells the process to end. */
  readonly signal: AbortSignal;
  /** The process has come to its end by itself. */
  readonly ended: AbortSignal;
  /** How long a Redis that is away is waited for then, ms. */
  readonly patienceMs: number;
}

/**
 * Ends this process when it was told to end but waits for a Redis that stays away. That is safe at any moment, as a
 * kill is: what was done stands in Redis or on the disk.
 */
export async function endWithoutRedis(options: EndWithoutRedisOptions): Promise<void> {
  const { client, logger, signal, ended, patienceMs } = options;
  await aborted(signal);
  await redisAway(client, patienceMs, ended);
  if (ended.aborted) return;
  logger.error('Redis does not answer: ending without it. All that was done is kept; start again when it is back.');
  process.exit(exitCode.interrupted);
}

import type { Logger } from '@inventory/logger';
import { awaitAnswer } from './await-answer.ts';
import { createClient, type RedisClient } from './create-client.ts';
import { describeTarget } from './describe-target.ts';
import { RedisTooOldError, RedisUnavailableError } from './errors.ts';
import type { RedisTarget } from './parse-redis-url.ts';
import { isTooOld, type RedisFacts, redisFacts } from './redis-facts.ts';

export interface CheckRedisOptions {
  readonly target: RedisTarget;
  /** Shown by CLIENT LIST while the check runs. */
  readonly connectionName: string;
  /** Milliseconds that Redis has for its first answer. */
  readonly withinMs: number;
  readonly logger: Logger;
}

/** How to connect to a Redis that was checked. */
export interface CheckedRedis {
  /** A single address that turned out to be a cluster has become one. */
  readonly target: RedisTarget;
  /** Whether this user may not read INFO. */
  readonly infoDenied: boolean;
}

/**
 * Makes sure that Redis answers and is new enough, and warns of settings that lose data.
 * @throws RedisUnavailableError, RedisTooOldError.
 */
export async function checkRedis({
  target,
  connectionName,
  withinMs,
  logger,
}: CheckRedisOptions): Promise<CheckedRedis> {
  // Without the ready check a Redis that loads its data says so. Only Sentinel needs it: it looks at the role.
  const client = createClient(target, connectionName, { enableReadyCheck: target.kind === 'sentinel' });
  try {
    await awaitAnswer({ client, target, withinMs, logger });
    const facts = await readFacts(client, logger);
    if (facts === null) return { target, infoDenied: true };
    if (isTooOld(facts.version)) {
      throw new RedisTooOldError(
        `Redis at ${describeTarget(target)} is version ${facts.version}, but 6.2 or newer is needed. Upgrade it, or point REDIS_URL to another.`,
      );
    }
    if (facts.isReplica && !facts.isCluster) {
      throw new RedisUnavailableError(
        `Redis at ${describeTarget(target)} is a replica, which takes no writes. Put the address of its master into REDIS_URL.`,
      );
    }
    await warnOfLoss(client, facts, describeTarget(target), logger);
    return { target: facts.isCluster ? { ...target, kind: 'cluster' } : target, infoDenied: false };
  } finally {
    client.disconnect();
  }
}

async function readFacts(client: RedisClient, logger: Logger): Promise<RedisFacts | null> {
  try {
    return redisFacts(await client.info());
  } catch {
    logger.debug('Redis does not let this user read INFO: version and durability are not checked.');
    return null;
  }
}

async function warnOfLoss(client: RedisClient, facts: RedisFacts, where: string, logger: Logger): Promise<void> {
  if (!['noeviction', ''].includes(facts.evictionPolicy)) {
    logger.warn(
      `Redis at ${where} may throw the queue away when memory runs short (maxmemory-policy ${facts.evictionPolicy}): set it to noeviction.`,
    );
  }
  if (facts.appendOnly) return;
  const snapshots = await client.config('GET', 'save').catch(() => null);
  if (!Array.isArray(snapshots)) {
    logger.debug('Redis does not let this user read CONFIG: whether it saves snapshots is not known.');
  } else if (snapshots[1] === '') {
    logger.warn(`Redis at ${where} keeps nothing on disk: a restart of it loses the queue. Set appendonly yes.`);
  }
}

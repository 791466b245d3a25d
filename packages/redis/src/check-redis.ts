import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@inventory/logger';
import type { Redis } from 'ioredis';
import { createClient, type RedisClient } from './client.ts';
import { connectionTrouble, isHopeless, unavailable } from './connection-trouble.ts';
import { RedisTooOldError, RedisUnavailableError } from './errors.ts';
import { LuaScript } from './lua-script.ts';
import { describeTarget, type RedisTarget } from './redis-url.ts';

interface CheckRedisOptions {
  readonly target: RedisTarget;
  /** Shown by CLIENT LIST while the check runs. */
  readonly connectionName: string;
  /** Milliseconds that Redis has for its first answer; loading its data does not count. */
  readonly withinMs: number;
  readonly logger: Logger;
}

/** Whether scripts run at all. */
const anyScript = new LuaScript('return 1');

/** How to connect to a Redis that was checked. */
export interface CheckedRedis {
  /** A single address that turned out to be a cluster has become one. */
  readonly target: RedisTarget;
  /** Whether this user may not read INFO. */
  readonly infoDenied: boolean;
}

/**
 * Makes sure that Redis answers, runs scripts and is new enough, and warns of settings that lose data.
 * @throws RedisUnavailableError, RedisTooOldError.
 */
export async function checkRedis(options: CheckRedisOptions): Promise<CheckedRedis> {
  const { target, connectionName, logger } = options;
  // Without the ready check a Redis that loads its data says so. Only Sentinel needs it: it checks the role.
  const client = createClient(target, connectionName, { enableReadyCheck: target.kind === 'sentinel' });
  try {
    await awaitAnswer(client, options);
    await anyScript.run(client, [], []).catch((error: unknown) => {
      throw unavailable(error, target);
    });
    const info = await client.info().catch(() => null);
    if (info === null) {
      logger.debug('Redis does not let this user read INFO: version and durability are not checked.');
      return { target, infoDenied: true };
    }
    const facts = redisFacts(info);
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
    warnOfLoss(await healthOf(client, facts), describeTarget(target), logger);
    return { target: facts.isCluster ? { ...target, kind: 'cluster' } : target, infoDenied: false };
  } finally {
    client.disconnect();
  }
}

/**
 * Waits for the first answer to PING.
 * @throws RedisUnavailableError at once when waiting cannot help, else after `withinMs`
 */
async function awaitAnswer(client: RedisClient, { target, withinMs, logger }: CheckRedisOptions): Promise<void> {
  let trouble: unknown = new Error('no answer in time');
  const note = (error: unknown): void => {
    trouble = error;
  };
  client.on('error', note).on('node error', note);
  const ask = (): Promise<boolean> =>
    client.ping().then(
      () => true,
      (error: unknown) => {
        note(error);
        return false;
      },
    );
  let answer = ask();
  let deadline = Date.now() + withinMs;
  let loading = false;
  while (Date.now() < deadline && !isHopeless(trouble)) {
    const answered = await Promise.race([answer, sleep(100)]);
    // A connection to a database that does not exist reports an error, but answers.
    if (answered && !isHopeless(trouble)) return;
    if (connectionTrouble(trouble) === 'loading') {
      deadline = Date.now() + withinMs;
      if (!loading) logger.info(`Redis at ${describeTarget(target)} is loading its data: waiting for it.`);
      loading = true;
    }
    if (answered === false) {
      await sleep(100);
      answer = ask();
    }
  }
  throw unavailable(trouble, target);
}

function warnOfLoss({ evictionPolicy, persistence }: RedisHealth, where: string, logger: Logger): void {
  if (!['noeviction', ''].includes(evictionPolicy)) {
    logger.warn(
      `Redis at ${where} may drop the queue when memory runs short (maxmemory-policy ${evictionPolicy}): set it to noeviction.`,
    );
  }
  if (persistence === 'unknown') {
    logger.debug('Redis does not let this user read CONFIG: whether it saves snapshots is not known.');
  } else if (persistence === 'none') {
    logger.warn(`Redis at ${where} keeps nothing on disk: a restart of it loses the queue. Set appendonly yes.`);
  }
}

/** What is used of the answer to INFO. */
export interface RedisFacts {
  /** Such as `7.0.15`; empty when Redis does not say. Valkey gives the Redis version that it is compatible with. */
  readonly version: string;
  readonly isCluster: boolean;
  readonly isReplica: boolean;
  readonly processId: number;
  readonly evictionPolicy: string;
  readonly appendOnly: boolean;
}

/** Reads the answer to INFO. */
export function redisFacts(info: string): RedisFacts {
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  return {
    version: field('redis_version'),
    isCluster: field('redis_mode') === 'cluster',
    isReplica: field('role') === 'slave',
    processId: Number(field('process_id')),
    evictionPolicy: field('maxmemory_policy'),
    appendOnly: field('aof_enabled') === '1',
  };
}

/** Whether a version such as `6.0.16` is below 6.2, the oldest that BullMQ supports; an unknown one is not. */
export function isTooOld(version: string): boolean {
  const [major = '', minor = ''] = version.split('.');
  return version !== '' && (Number(major) < 6 || (Number(major) === 6 && Number(minor) < 2));
}

const everyKindOfWrite = new LuaScript(`
local key = KEYS[1]
redis.call('HSET', key, 'a', 1)
redis.call('PEXPIRE', key, 1000)
redis.call('HSCAN', key, 0)
for _, command in ipairs({ { 'SET', key, 1 }, { 'ZADD', key, 1, 'a' }, { 'SADD', key, 'a' }, { 'LPUSH', key, 'a' } }) do
  redis.call('DEL', key)
  redis.call(unpack(command))
end
redis.call('DEL', key)
redis.call('XADD', key, '*', 'a', 1)
redis.call('DEL', key)
return redis.call('TIME')
`);

/**
 * Does on a key of its own what processes do with Redis: each kind of write within a script, and the reads that may wait.
 * @throws the error of Redis where this user may not, or nobody may now
 */
export async function tryWork({ client, key }: { readonly client: RedisClient; readonly key: string }): Promise<void> {
  await everyKindOfWrite.run(client, [key], []);
  await client.time();
  await client.xread('COUNT', 1, 'STREAMS', key, '0-0');
  await client.bzpopmin(key, 0.01);
}

/** How well a Redis keeps its data. */
export interface RedisHealth {
  /** Such as `7.0.15`; empty when Redis does not say. */
  readonly version: string;
  readonly persistence: 'append-only' | 'snapshots' | 'none' | 'unknown';
  /** `noeviction`, or one that drops keys when memory runs short; empty when Redis does not say. */
  readonly evictionPolicy: string;
}

/** Asks a Redis about its durability; what this user may not ask stays unknown. */
export async function redisHealth(client: RedisClient): Promise<RedisHealth> {
  return await healthOf(client, redisFacts(await client.info().catch(() => '')));
}

async function healthOf(
  client: RedisClient,
  { version, evictionPolicy, appendOnly }: RedisFacts,
): Promise<RedisHealth> {
  if (appendOnly) return { version, evictionPolicy, persistence: 'append-only' };
  const save = version === '' ? null : await client.config('GET', 'save').catch(() => null);
  if (!Array.isArray(save)) return { version, evictionPolicy, persistence: 'unknown' };
  return { version, evictionPolicy, persistence: save[1] === '' ? 'none' : 'snapshots' };
}

/**
 * What became of the append-only file: `rewritten`, there is `none`, this user may not have it rewritten (`denied`), or
 * Redis could not do it (`failed`).
 */
export type Rewriting = 'rewritten' | 'none' | 'denied' | 'failed';

const rewriteMs = 60_000;

/** Has the append-only file of each node rewritten, so that what was deleted is not in it any more. Waits for it. */
export async function rewriteAppendOnlyFile(client: RedisClient): Promise<Rewriting> {
  const nodes = 'nodes' in client ? client.nodes('all') : [client];
  const results = await Promise.all(nodes.map(rewriteFileOf));
  const worst = (['failed', 'denied', 'rewritten'] as const).find((each) => results.includes(each));
  return worst ?? 'none';
}

async function rewriteFileOf(node: Redis): Promise<Rewriting> {
  const endsAt = performance.now() + rewriteMs;
  /** @returns whether the last one succeeded, null without an append-only file */
  const idle = async (): Promise<boolean | null> => {
    for (;;) {
      const info = await node.info('persistence');
      if (!/^aof_enabled:1/m.test(info)) return null;
      if (!/^aof_rewrite_(in_progress|scheduled):1/m.test(info)) return /^aof_last_bgrewrite_status:ok/m.test(info);
      if (performance.now() > endsAt) return false;
      await sleep(50);
    }
  };
  try {
    // One that is under way may have begun before the deletion.
    if ((await idle()) === null) return 'none';
    await node.bgrewriteaof();
    return (await idle()) === true ? 'rewritten' : 'failed';
  } catch (error) {
    return error instanceof Error && error.message.startsWith('NOPERM') ? 'denied' : 'failed';
  }
}

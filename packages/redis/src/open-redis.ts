import type { Logger } from '@inventory/logger';
import { type CheckedRedis, checkRedis, type RedisHealth, redisHealth } from './check-redis.ts';
import { connectionName, createClient, endClient, type RedisClient, watchConnections } from './client.ts';
import { connectionTrouble, unavailable } from './connection-trouble.ts';
import { joinEmbeddedRedis } from './embedded/join-embedded-redis.ts';
import { describeTarget, parseRedisUrl, type RedisTarget, socketTarget } from './redis-url.ts';

export interface OpenRedisOptions {
  /** Where Redis is; empty = the embedded Redis of `dataDir`. */
  readonly redisUrl: string;
  /** Folder of the embedded Redis. */
  readonly dataDir: string;
  /** What this process is, such as `worker`; part of the names in CLIENT LIST. */
  readonly name: string;
  readonly logger: Logger;
  /** Milliseconds that Redis has for its first answer; 10,000 unless given. */
  readonly answerWithinMs?: number;
}

/** A Redis that answered, and the connections that this process has to it. */
export interface RedisAccess {
  /** A new connection, which waits for Redis without limit; `close` ends it, unless the caller did. */
  connect(purpose: string): RedisClient;
  /** Where Redis is, for people; no password. */
  describe(): string;
  readonly embedded: boolean;
  /** The error for users where Redis denies something, to this user or to all; other errors as they are. */
  explain(error: unknown): unknown;
  /** How well it keeps its data; asked over one of these connections. */
  health(client: RedisClient): Promise<RedisHealth>;
  /** Ends all connections; of an embedded Redis, the last one out stops the server. Never throws; may be called twice. */
  close(): Promise<void>;
}

/**
 * Opens the Redis of `REDIS_URL`, or starts or joins the embedded one, and makes sure that it answers.
 * @throws RedisUrlError, RedisUnavailableError, RedisTooOldError; for the embedded one also RedisServerMissingError,
 * RedisStartError, DataDirError.
 */
export async function openRedis(options: OpenRedisOptions): Promise<RedisAccess> {
  const { redisUrl, dataDir, name, logger, answerWithinMs = 10_000 } = options;
  const check = (target: RedisTarget): Promise<CheckedRedis> =>
    checkRedis({ target, connectionName: connectionName(name, 'check'), withinMs: answerWithinMs, logger });
  if (redisUrl !== '') {
    const checked = await check(parseRedisUrl(redisUrl));
    return redisAccess({ ...checked, name, logger, embedded: false, leave: async () => undefined });
  }
  const { socketPath, leave } = await joinEmbeddedRedis({ dataDir, name, logger });
  try {
    const checked = await check(socketTarget(socketPath));
    return redisAccess({ ...checked, name, logger, embedded: true, leave });
  } catch (error) {
    await leave();
    throw error;
  }
}

interface AccessParts extends CheckedRedis {
  readonly name: string;
  readonly logger: Logger;
  readonly embedded: boolean;
  readonly leave: () => Promise<void>;
}

function redisAccess({ target, infoDenied, name, logger, embedded, leave }: AccessParts): RedisAccess {
  const where = embedded ? `${describeTarget(target)} (embedded)` : describeTarget(target);
  const watch = watchConnections(target, where, logger);
  const clients = new Set<RedisClient>();
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await Promise.all([...clients].map(endClient));
    await leave();
  };
  return {
    embedded,
    describe: () => where,
    explain: (error) =>
      ['permission', 'writes', 'memory', 'scripts'].includes(connectionTrouble(error))
        ? unavailable(error, target)
        : error,
    health: redisHealth,
    connect: (purpose) => {
      if (closed !== null) throw new Error(`Redis at ${where} was closed: no new connection for ${purpose}.`);
      const client = createClient(target, connectionName(name, purpose), { infoDenied });
      watch(client);
      clients.add(client);
      client.once('end', () => clients.delete(client));
      return client;
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

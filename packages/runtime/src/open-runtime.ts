import { type Checkpoints, openCheckpoints } from '@inventory/checkpoints';
import type { LoadedSettings } from '@inventory/config';
import { createLogger, type Logger, SecretRegistry } from '@inventory/logger';
import { Keyspace, openRedis, parseRedisUrl, type RedisAccess, type RedisClient } from '@inventory/redis';
import { endWithoutRedis } from './end-without-redis.ts';

/** What every process stands on. */
export interface Runtime {
  readonly settings: LoadedSettings;
  readonly secrets: SecretRegistry;
  readonly logger: Logger;
  readonly redis: RedisAccess;
  /** The connection for commands; blocking readers take one of their own from `redis`. */
  readonly client: RedisClient;
  /** That connection with the prefix of the account's keys. */
  readonly keyspace: Keyspace;
  readonly checkpoints: Checkpoints;
  close(): Promise<void>;
}

export interface OpenRuntimeOptions {
  readonly settings: LoadedSettings;
  /** Name of the process, in logs and in Redis' list of clients. */
  readonly name: string;
  /** Where log lines go, instead of stderr. */
  readonly sink?: NodeJS.WritableStream & { isTTY?: boolean; hasColors?: () => boolean };
  /** After it the process does not wait for a Redis that is away for longer than ten seconds. */
  readonly signal?: AbortSignal;
}

const patienceMs = 10_000;

/**
 * Opens the logger, Redis and the checkpoints of a process.
 * @throws RedisUnavailableError and its like, SchemaVersionError
 */
export async function openRuntime({ settings, name, sink, signal }: OpenRuntimeOptions): Promise<Runtime> {
  const secrets = new SecretRegistry();
  const { clientSecret, accessToken, boardPassword, apiProxy, tokenProxy } = settings;
  const proxyPasswords = [apiProxy?.password ?? '', tokenProxy?.password ?? ''];
  for (const secret of [clientSecret, accessToken, boardPassword, ...proxyPasswords]) secrets.add(secret);
  if (settings.redisUrl !== '') secrets.add(parseRedisUrl(settings.redisUrl).password);
  const { logLevel: level, logFormat: format, redisUrl, dataDir } = settings;
  const logger = createLogger({ name, level, format, secrets, ...(sink && { sink }) });
  const redis = await openRedis({ redisUrl, dataDir, name, logger });
  try {
    const client = redis.connect('main');
    const keyspace = new Keyspace(client, settings.queuePrefix);
    const checkpoints = await openCheckpoints(client, settings.queuePrefix);
    const closing = new AbortController();
    if (signal) void endWithoutRedis({ client, logger, signal, ended: closing.signal, patienceMs });
    const close = (): Promise<void> => {
      closing.abort();
      return redis.close();
    };
    return { settings, secrets, logger, redis, client, keyspace, checkpoints, close };
  } catch (error) {
    await redis.close();
    throw redis.explain(error);
  }
}

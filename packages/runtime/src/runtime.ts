import { Checkpoints } from '@inventory/checkpoints';
import type { LoadedSettings } from '@inventory/config';
import { createLogger, type Logger, type LogSink, SecretRegistry } from '@inventory/logger';
import { Keyspace, openRedis, parseRedisUrl, type RedisAccess, type RedisClient, redisAway } from '@inventory/redis';
import { type AcceptLoss, StateDir } from '@inventory/state-files';
import { exitCode } from './run-process.ts';

/** What every process needs. */
export interface Runtime extends AsyncDisposable {
  readonly settings: LoadedSettings;
  readonly secrets: SecretRegistry;
  readonly logger: Logger;
  readonly redis: RedisAccess;
  /** The connection for commands; blocking readers open their own from `redis`. */
  readonly client: RedisClient;
  /** That connection with the prefix of the account's keys. */
  readonly keyspace: Keyspace;
  readonly checkpoints: Checkpoints;
  /**
   * Brings the checkpoints into use: if they are new, or Redis has lost them, they are filled from the state files.
   * @param accept asked when damaged files have lost so much that it takes long to classify it again
   * @returns whether checkpoints were filled
   * @throws StateDirError when the files belong to another account, cannot be read, or the loss is not accepted
   */
  fill(accept?: AcceptLoss): Promise<boolean>;
  close(): Promise<void>;
}

interface OpenRuntimeOptions {
  readonly settings: LoadedSettings;
  /** Name of the process, in logs and in Redis' list of clients. */
  readonly name: string;
  /** Where log lines go, instead of stderr. */
  readonly sink?: LogSink;
  /** Ends the process. After it a Redis that is away is waited for no longer than ten seconds. */
  readonly signal?: AbortSignal;
}

const patienceMs = 10_000;

/**
 * Opens the logger, Redis and the checkpoints of a process.
 * @throws RedisUnavailableError and its like, SchemaVersionError
 */
export async function openRuntime({ settings, name, sink, signal }: OpenRuntimeOptions): Promise<Runtime> {
  const { logLevel: level, logFormat: format, redisUrl, dataDir, queuePrefix } = settings;
  const secrets = secretsOf(settings);
  const logger = createLogger({ name, level, format, secrets, ...(sink && { sink }) });
  const redis = await openRedis({ redisUrl, dataDir, name, logger });
  try {
    const client = redis.connect('main');
    const keyspace = new Keyspace(client, queuePrefix);
    const checkpoints = await Checkpoints.open(keyspace);
    const closing = new AbortController();
    const close = (): Promise<void> => {
      closing.abort();
      return redis.close();
    };
    if (signal) void endWithoutRedis({ client, logger, signal, closing: closing.signal });
    return {
      settings,
      secrets,
      logger,
      redis,
      client,
      keyspace,
      checkpoints,
      fill: (accept) => new StateDir(settings).bringIntoUse(checkpoints, logger, accept),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await redis.close();
    throw redis.explain(error);
  }
}

function secretsOf(settings: LoadedSettings): SecretRegistry {
  const { clientSecret, accessToken, boardPassword, redisUrl, notifyUrl, notifySecret } = settings;
  const proxies = [settings.apiProxy, settings.tokenProxy, settings.notifyProxy];
  const secrets = new SecretRegistry();
  const passwords = [boardPassword, notifySecret, ...proxies.map((proxy) => proxy?.password ?? '')];
  for (const secret of [clientSecret, accessToken, ...passwords]) secrets.add(secret);
  // Whoever knows it can write into the channel.
  if (notifyUrl !== '') secrets.addAddress(notifyUrl);
  if (redisUrl !== '') secrets.add(parseRedisUrl(redisUrl).password);
  return secrets;
}

interface EndWithoutRedisOptions {
  readonly client: RedisClient;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** The process closes its Redis in the ordinary way. */
  readonly closing: AbortSignal;
}

/**
 * Ends this process when its signal has fired but it still waits for a Redis that stays away. That is as safe as a
 * kill: what was done is in Redis or on the disk.
 */
async function endWithoutRedis({ client, logger, signal, closing }: EndWithoutRedisOptions): Promise<void> {
  await aborted(signal);
  await redisAway(client, patienceMs, closing);
  if (closing.aborted) return;
  logger.error('Redis does not answer: ending without it. All that was done is kept; start again when it is back.');
  process.exit(exitCode.interrupted);
}

/** Resolves when the signal is aborted, at once if it is already. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

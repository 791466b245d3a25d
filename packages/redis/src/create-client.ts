import { Cluster, Redis } from 'ioredis';
import type { RedisTarget } from './parse-redis-url.ts';

/** One connection to Redis, or one set of connections to a cluster. */
export type RedisClient = Redis | Cluster;

export interface ClientExtras {
  /** Whether to wait while Redis loads its data before the first command; true unless said otherwise. */
  readonly enableReadyCheck?: boolean;
  /** Whether INFO is denied to this user; ioredis and BullMQ ask for it otherwise. */
  readonly infoDenied?: boolean;
}

/**
 * Time without an answer, in ms, after which a connection counts as lost: a network can go away without a word, and the
 * system would try for a quarter of an hour. Longer than BullMQ blocks (ten seconds).
 */
const silenceMs = 15_000;

const retryStrategy = (attempt: number): number => Math.min(attempt * 100, 2000);

/**
 * After a fail-over the old master may go on as a replica: look for the new one, and send the command to it (2). The
 * same for one that loads its data, where no ready check has waited for it.
 */
const reconnectOnError = (error: Error): 2 | false => (/^(READONLY|LOADING)/.test(error.message) ? 2 : false);

/**
 * A new ioredis client that waits for Redis for ever: commands queue up while it is away.
 * The caller adds an `error` listener and ends it.
 * @param connectionName shown by CLIENT LIST.
 */
export function createClient(target: RedisTarget, connectionName: string, extras: ClientExtras = {}): RedisClient {
  const { nodes, username, password, db, tls } = target;
  const { infoDenied = false, enableReadyCheck = !infoDenied } = extras;
  const login = {
    connectionName,
    maxRetriesPerRequest: null,
    socketTimeout: silenceMs,
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
    enableReadyCheck,
    // BullMQ reads this option from its client.
    skipVersionCheck: infoDenied,
  };
  switch (target.kind) {
    case 'socket':
      return new Redis({ retryStrategy, ...login, path: target.socketPath });
    case 'single':
      return new Redis({ retryStrategy, reconnectOnError, ...login, ...nodes[0], db });
    case 'sentinel':
      return new Redis({ retryStrategy, reconnectOnError, ...login, ...sentinelOptions(target), db });
    case 'cluster':
      return new Cluster([...nodes], {
        clusterRetryStrategy: retryStrategy,
        // A command waits until the replica has taken over, however long that takes.
        maxRedirections: Number.POSITIVE_INFINITY,
        retryDelayOnMoved: 100,
        redisOptions: login,
        // A certificate is for a host name, so that name must reach TLS unresolved.
        ...(tls ? { dnsLookup: (host, answer) => answer(null, host) } : {}),
      });
  }
}

/** Sentinels get the password for their default user: with no password of their own they accept any. */
function sentinelOptions({ nodes, masterName, password, tls }: RedisTarget) {
  return {
    sentinels: [...nodes],
    name: masterName,
    sentinelRetryStrategy: retryStrategy,
    ...(password === '' ? {} : { sentinelPassword: password }),
    ...(tls ? { sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  };
}

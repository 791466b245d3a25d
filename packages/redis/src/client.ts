import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@inventory/logger';
import { Cluster, Redis } from 'ioredis';
import { shortReason } from './connection-trouble.ts';
import type { RedisTarget } from './redis-url.ts';

/** The keys of one account on one Redis: a client, and the prefix (`QUEUE_PREFIX`) that all its keys share. */
export class Keyspace {
  readonly client: RedisClient;
  readonly prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.client = client;
    this.prefix = prefix;
  }

  /** The full key for a name, such as `{classify}:runs` for `runs`. */
  key(name: string): string {
    return `${this.prefix}:${name}`;
  }
}

/** One connection to Redis, or one set of connections to a cluster. */
export type RedisClient = Redis | Cluster;

interface ClientExtras {
  /** Whether to wait while Redis loads its data before the first command; true by default. */
  readonly enableReadyCheck?: boolean;
  /** Whether INFO is denied to this user; ioredis and BullMQ ask for it otherwise. */
  readonly infoDenied?: boolean;
}

/**
 * Milliseconds without an answer after which a connection counts as lost: a network can fail silently, and the system
 * would retry for a quarter of an hour. Longer than BullMQ blocks (ten seconds).
 */
const silenceMs = 15_000;

/**
 * How often a Redis of this machine is asked whether it has loaded its data, ms. Its own estimate counts whole seconds, and
 * has been off by eight.
 */
export const loadingLookMs = 20;

const retryStrategy = (attempt: number): number => Math.min(attempt * 100, 2000);

/**
 * After a fail-over the old master may continue as a replica: look for the new one, and send the command to it (2). The
 * same while Redis loads its data, where no ready check has waited for it.
 */
const reconnectOnError = (error: Error): 2 | false => (/^(READONLY|LOADING)/.test(error.message) ? 2 : false);

/**
 * A new ioredis client that waits for Redis without limit: commands queue up while it is away.
 * The caller adds an `error` listener and ends the client.
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
      return new Redis({ retryStrategy, maxLoadingRetryTime: loadingLookMs, ...login, path: target.socketPath });
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
        // A certificate is for a host name, so TLS must get the name, not its address.
        ...(tls ? { dnsLookup: (host, answer) => answer(null, host) } : {}),
      });
  }
}

/** Sentinels get the password for their default user: without a password they accept any. */
function sentinelOptions({ nodes, masterName, password, tls }: RedisTarget) {
  return {
    sentinels: [...nodes],
    name: masterName,
    sentinelRetryStrategy: retryStrategy,
    ...(password === '' ? {} : { sentinelPassword: password }),
    ...(tls ? { sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  };
}

/**
 * Logs once that Redis is away and once that it is back, whatever the number of connections and attempts.
 * @returns a function that watches one more connection
 */
export function watchConnections(target: RedisTarget, where: string, logger: Logger): (client: RedisClient) => void {
  const lost = new Set<RedisClient>();
  const lostNodes = new Set<string>();
  return (client) => {
    let reason = 'connection closed';
    client.on('error', (error) => {
      reason = shortReason(error, target);
    });
    // One node of a cluster: its replica may take over, and commands for it wait until then.
    client.on('node error', (error, node) => {
      if (!lostNodes.has(node)) {
        logger.warn(
          `No connection to ${node} of ${where} (${shortReason(error, target)}): waiting for it, or its replica.`,
        );
      }
      lostNodes.add(node);
    });
    client.on('reconnecting', () => {
      if (lost.size === 0)
        logger.warn(`Lost the connection to Redis at ${where} (${reason}): waiting until it is back.`);
      lost.add(client);
    });
    client.on('ready', () => {
      if (lost.delete(client) && lost.size === 0) logger.info(`Redis at ${where} is back.`);
      reason = 'connection closed';
      lostNodes.clear();
    });
    client.on('end', () => lost.delete(client));
  };
}

/**
 * Resolves when Redis has not answered for a whole period, whether it is gone or frozen, or when the signal is aborted.
 * @param forMs the period
 */
export async function redisAway(client: RedisClient, forMs: number, signal: AbortSignal): Promise<void> {
  const rest = (ms: number, until: AbortSignal): Promise<void> =>
    sleep(ms, undefined, { signal: until }).catch(() => undefined);
  let heardAt = performance.now();
  let left = forMs;
  while (left > 0 && !signal.aborted) {
    const asking = new AbortController();
    const answered = client.ping().then(
      () => true,
      () => false,
    );
    if (await Promise.race([answered, rest(left, AbortSignal.any([signal, asking.signal]))]))
      heardAt = performance.now();
    asking.abort();
    await rest(200, signal);
    left = heardAt + forMs - performance.now();
  }
}

/** Ends a connection: commands in flight have a second to finish, then it is cut. Never throws. */
export async function endClient(client: RedisClient): Promise<void> {
  if (client.status === 'end') return;
  const ended = once(client, 'end').catch(() => undefined);
  if (client.status === 'ready') {
    const quitting = client.quit().catch(() => undefined);
    await upToOneSecond(quitting);
  }
  client.disconnect();
  await upToOneSecond(ended);
}

async function upToOneSecond(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, 1000);
  });
  await Promise.race([work, tooLong]);
  clearTimeout(timer);
}

/** A name for CLIENT LIST from its parts; what Redis does not accept in a name (spaces, letters beyond ASCII) becomes `-`. */
export function connectionName(...parts: readonly (string | number)[]): string {
  return ['inventory', ...parts].join(':').replace(/[^!-~]/g, '-');
}

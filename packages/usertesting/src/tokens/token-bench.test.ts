import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createLogger, type Logger, SecretRegistry } from '@inventory/logger';
import { Keyspace } from '@inventory/redis';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { type AnsweringServer, answeringServer, type Seen } from '../http/answering-server.test.ts';
import { TokenKeeper, type TokenKeeperOptions } from './token-keeper.ts';
import type { Token } from './token-record.ts';

/** Everything a test of tokens needs: a real Redis, a real token endpoint, and any number of processes' keepers. */
export interface TokenBench extends AsyncDisposable {
  readonly endpoint: AnsweringServer;
  readonly redis: Redis;
  readonly prefix: string;
  /** {@link redis} with that prefix. */
  readonly keyspace: Keyspace;
  /** Writes to {@link log}. */
  readonly logger: Logger;
  /** A keeper with a Redis connection of its own, as in a process of its own. */
  keeper(options?: Partial<TokenKeeperOptions>): TokenKeeper;
  /** What `onNewToken` was told, by all keepers. */
  readonly told: Token[];
  /** Every line that was logged, unredacted. */
  readonly log: string[];
}

/** Gives the tokens fresh-1, fresh-2, … for an hour each. */
export function giveTokens(response: ServerResponse, _request: Seen, nth: number): void {
  response.end(JSON.stringify({ access_token: `fresh-${nth + 1}`, expires_in: 3600 }));
}

export async function tokenBench(answer: typeof giveTokens = giveTokens): Promise<TokenBench> {
  const endpoint = await answeringServer(answer);
  const connections: Redis[] = [];
  const keepers: TokenKeeper[] = [];
  const told: Token[] = [];
  const log: string[] = [];
  const connect = () => {
    const redis = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null });
    connections.push(redis);
    return redis;
  };
  const sink = Object.assign(Object.create(process.stderr), { write: (line: string) => log.push(line), isTTY: false });
  const logger = createLogger({ name: 'test', level: 'trace', format: 'json', secrets: new SecretRegistry(), sink });
  const prefix = `{${randomUUID()}}`;
  const redis = connect();
  return {
    endpoint,
    redis,
    prefix,
    keyspace: new Keyspace(redis, prefix),
    logger,
    told,
    log,
    keeper(options = {}) {
      const keeper = new TokenKeeper({
        keyspace: new Keyspace(connect(), prefix),
        clientId: 'client-1',
        clientSecret: 'very-secret',
        tokenUrl: `${endpoint.url}/oauth2/token`,
        scope: 'studies:read',
        initial: null,
        onNewToken: async (token) => {
          told.push(token);
        },
        secrets: new SecretRegistry(),
        logger,
        firstDelayMs: 20,
        ...options,
      });
      keepers.push(keeper);
      return keeper;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(keepers.map((keeper) => keeper.stop()));
      for (const connection of connections) connection.disconnect();
      await endpoint[Symbol.asyncDispose]();
    },
  };
}

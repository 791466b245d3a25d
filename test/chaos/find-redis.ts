import { fileURLToPath } from 'node:url';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { findRedisServer, type RedisServer } from '@inventory/redis';

/** Where a Redis that had to be fetched is kept, for this and for the other tests. */
const cache = fileURLToPath(new URL('../../.data/test-redis', import.meta.url));

/** The redis-server of this machine; one is fetched where there is none. */
export function findRedis(): Promise<RedisServer> {
  const logger = createLogger({ name: 'chaos', level: 'info', format: '', secrets: new SecretRegistry() });
  return findRedisServer({ dataDir: cache, logger });
}

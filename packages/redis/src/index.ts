export type { RedisClient } from './create-client.ts';
export { type FindRedisServerOptions, findRedisServer } from './embedded/find-redis-server.ts';
export type { RedisServer } from './embedded/redis-server.ts';
export {
  DataDirError,
  RedisServerMissingError,
  RedisStartError,
  RedisTooOldError,
  RedisUnavailableError,
  RedisUrlError,
} from './errors.ts';
export { Keyspace } from './keyspace.ts';
export { clockLua, LuaScript } from './lua-script.ts';
export { type OpenRedisOptions, openRedis, type RedisAccess } from './open-redis.ts';
export { parseRedisUrl, type RedisTarget } from './parse-redis-url.ts';
export { redisAway } from './redis-away.ts';
export type { RedisHealth } from './redis-health.ts';
export { type HeldLock, type Locked, withLock } from './with-lock.ts';

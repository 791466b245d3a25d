export { type Rewriting, rewriteAppendOnlyFile, tryWork } from './check-redis.ts';
export { Keyspace, type RedisClient, redisAway } from './client.ts';
export { findRedisServer, type RedisServer } from './embedded/find-redis-server.ts';
export { type HeldLock, withLock } from './lock.ts';
export { actsScript, clockLua, LuaScript } from './lua-script.ts';
export { openRedis, type RedisAccess } from './open-redis.ts';
export { parseRedisUrl } from './redis-url.ts';

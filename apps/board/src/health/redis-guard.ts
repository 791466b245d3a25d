import type { RedisClient } from '@inventory/redis';
import type { MiddlewareHandler } from 'hono';
import { withinTime } from './within-time.ts';

/** Gives Redis three seconds for a request: commands would wait for it, and requests pile up. */
export function redisGuard(client: RedisClient): MiddlewareHandler {
  return (_, next) => withinTime(client, next);
}

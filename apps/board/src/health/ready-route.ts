import type { RedisClient } from '@inventory/redis';
import type { Context } from 'hono';
import { withinTime } from './within-time.ts';

/** `GET /readyz`: whether Redis answers. @throws RedisAwayError, which is answered with 503 */
export function readyRoute(client: RedisClient): (context: Context) => Promise<Response> {
  return async (context) => {
    await withinTime(client, () => client.ping());
    return context.json({ status: 'ready' });
  };
}

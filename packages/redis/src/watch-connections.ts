import type { Logger } from '@inventory/logger';
import { shortReason } from './connection-trouble.ts';
import type { RedisClient } from './create-client.ts';
import type { RedisTarget } from './parse-redis-url.ts';

/**
 * Says once that Redis is away and once that it is back, however many connections and attempts there are.
 * @returns a function that takes each new connection under watch.
 */
export function watchConnections(target: RedisTarget, where: string, logger: Logger): (client: RedisClient) => void {
  const lost = new Set<RedisClient>();
  return (client) => {
    let reason = 'connection closed';
    client.on('error', (error) => {
      reason = shortReason(error, target);
    });
    client.on('reconnecting', () => {
      if (lost.size === 0)
        logger.warn(`Lost the connection to Redis at ${where} (${reason}): waiting until it is back.`);
      lost.add(client);
    });
    client.on('ready', () => {
      if (lost.delete(client) && lost.size === 0) logger.info(`Redis at ${where} is back.`);
      reason = 'connection closed';
    });
    client.on('end', () => lost.delete(client));
  };
}

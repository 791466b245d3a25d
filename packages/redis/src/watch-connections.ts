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
  const lostNodes = new Set<string>();
  return (client) => {
    let reason = 'connection closed';
    client.on('error', (error) => {
      reason = shortReason(error, target);
    });
    // One node of a cluster: its replica may take over, and commands for it wait meanwhile.
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

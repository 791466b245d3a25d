const hourMs = 3_600_000;

/**
 * The true time of a time by Redis' clock, which may have been set by whole hours in between. A run takes less than
 * half of one, so it is the one that is near. @param redisMs epoch ms
 */
export function timeOfRedis(redisMs: number): number {
  return redisMs - Math.round((redisMs - Date.now()) / hourMs) * hourMs;
}

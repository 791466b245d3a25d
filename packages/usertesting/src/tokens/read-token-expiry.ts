import type { Cluster, Redis } from 'ioredis';
import { type TokenOwner, tokenKeys } from './token-keys.ts';

/** When the token expires that the processes of an account share (epoch ms), or null. Never reads the token itself. */
export async function readTokenExpiry(
  redis: Redis | Cluster,
  prefix: string,
  owner: TokenOwner,
): Promise<number | null> {
  const seconds = Number(await redis.hget(tokenKeys(prefix, owner).record, 'expiresAt'));
  return seconds > 0 ? seconds * 1000 : null;
}

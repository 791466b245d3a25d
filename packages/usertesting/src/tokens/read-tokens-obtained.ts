import type { Cluster, Redis } from 'ioredis';
import { type TokenOwner, tokenKeys } from './token-keys.ts';

/** How many tokens the processes of an account have had from the token endpoint, all together. */
export async function readTokensObtained(redis: Redis | Cluster, prefix: string, owner: TokenOwner): Promise<number> {
  return Number((await redis.hget(tokenKeys(prefix, owner).record, 'obtained')) ?? 0);
}

import { createHash } from 'node:crypto';
import type { TokenRequestOptions } from './create-token-request.ts';

/** What tells the tokens of one account from those of another; the secret is no part of it. */
export type TokenOwner = Pick<TokenRequestOptions, 'clientId' | 'tokenUrl' | 'scope'>;

/** The Redis keys of an account's shared token and of the lock of who renews it. */
export function tokenKeys(
  prefix: string,
  { clientId, tokenUrl, scope }: TokenOwner,
): { readonly record: string; readonly lock: string } {
  const account = createHash('sha256')
    .update(JSON.stringify([clientId, tokenUrl, scope]))
    .digest('hex')
    .slice(0, 16);
  return { record: `${prefix}:token:${account}`, lock: `${prefix}:token-lock:${account}` };
}

import { createHash } from 'node:crypto';

/** A short name for a token by which two can be told apart in logs and errors, and from which neither can be had. */
export function tokenId(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest('hex').slice(0, 8);
}

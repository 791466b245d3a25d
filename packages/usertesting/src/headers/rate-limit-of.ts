import { type Headers, headerValue } from './header-value.ts';
import { plainNumber } from './plain-number.ts';
import { resetSeconds } from './reset-seconds.ts';

/** What an answer says of the account's allowance; null where it says nothing readable. */
export interface RateLimit {
  /** Requests per period. */
  readonly limit: number | null;
  /** Requests left in this period. */
  readonly remaining: number | null;
  /** Seconds left in this period. */
  readonly resetSeconds: number | null;
}

/** Reads `x-ratelimit-limit`, `-remaining` and `-reset`; null when none of them can be read. */
export function rateLimitOf(headers: Headers): RateLimit | null {
  const read = (name: string) => plainNumber(headerValue(headers, `x-ratelimit-${name}`));
  const found: RateLimit = { limit: read('limit'), remaining: read('remaining'), resetSeconds: resetSeconds(headers) };
  return Object.values(found).every((value) => value === null) ? null : found;
}

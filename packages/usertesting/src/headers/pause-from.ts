import { type Headers, headerValue } from './header-value.ts';
import { plainNumber } from './plain-number.ts';
import { retryAfterMs } from './retry-after-ms.ts';
import { wholeMs } from './whole-ms.ts';

/**
 * How long a 429 asks everybody to stop: Retry-After in seconds, else as a date, else x-ratelimit-reset (seconds
 * left), else null, and the caller doubles its last pause. Nonsense falls to the next one.
 * @returns whole ms from `nowMs` (epoch ms), 0 to one hour.
 */
export function pauseFrom(headers: Headers, nowMs: number): number | null {
  const asked = retryAfterMs(headers, nowMs);
  if (asked !== null) return asked;
  const reset = plainNumber(headerValue(headers, 'x-ratelimit-reset'));
  return reset === null ? null : wholeMs(reset * 1000);
}

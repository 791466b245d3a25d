import type { Headers } from './header-value.ts';
import { resetSeconds } from './reset-seconds.ts';
import { retryAfterMs } from './retry-after-ms.ts';
import { wholeMs } from './whole-ms.ts';

/**
 * How long a 429 asks everybody to stop: Retry-After in seconds, else as a date, else x-ratelimit-reset, else null, and
 * the caller doubles its last pause. Nonsense falls to the next one.
 * @returns whole ms from the answer on, 0 to one hour.
 */
export function pauseFrom(headers: Headers): number | null {
  const asked = retryAfterMs(headers);
  if (asked !== null) return asked;
  const reset = resetSeconds(headers);
  return reset === null ? null : wholeMs(reset * 1000);
}

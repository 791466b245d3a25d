import { type Headers, headerValue } from './header-value.ts';
import { httpDate } from './http-date.ts';

/**
 * When an answer was given, epoch ms by the clock of who gave it: its `Date`, which the moments in its other headers are
 * to be read against. Our own clock, which may be wrong, only where it does not say.
 */
export function answeredAt(headers: Headers, ourNowMs = Date.now()): number {
  return httpDate(headerValue(headers, 'date') ?? '') ?? ourNowMs;
}

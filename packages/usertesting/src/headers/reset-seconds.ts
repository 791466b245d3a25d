import { answeredAt } from './answered-at.ts';
import { type Headers, headerValue } from './header-value.ts';
import { plainNumber } from './plain-number.ts';

/** Larger than any number of seconds left, and smaller than any moment of ours, in seconds and in ms. */
const leastMoment = { seconds: 1e9, ms: 1e12 };

/**
 * What `x-ratelimit-reset` says, in seconds from the answer on; null when it is missing or nonsense. UserTesting gives the
 * seconds left. Gateways also give the moment itself, in epoch seconds or ms, which is told by its size.
 */
export function resetSeconds(headers: Headers): number | null {
  const value = plainNumber(headerValue(headers, 'x-ratelimit-reset'));
  if (value === null || value <= leastMoment.seconds) return value;
  const moment = value > leastMoment.ms ? value : value * 1000;
  return Math.max(0, moment - answeredAt(headers)) / 1000;
}

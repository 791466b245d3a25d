import { answeredAt } from './answered-at.ts';
import { type Headers, headerValue } from './header-value.ts';
import { httpDate } from './http-date.ts';
import { plainNumber } from './plain-number.ts';
import { wholeMs } from './whole-ms.ts';

/**
 * What `Retry-After` asks for, in whole ms from the answer on: 0 to one hour, or null when it is missing or nonsense.
 * A date before the answer's own is 0. Source: RFC 9110, 10.2.3.
 */
export function retryAfterMs(headers: Headers): number | null {
  const text = headerValue(headers, 'retry-after');
  if (text === null) return null;
  const seconds = plainNumber(text);
  if (seconds !== null) return wholeMs(seconds * 1000);
  const date = httpDate(text);
  return date === null ? null : wholeMs(date - answeredAt(headers));
}

/** Response headers as axios and Node give them. */
export type Headers = Readonly<Record<string, unknown>>;

/** What an answer says about the account's allowance; null where nothing is readable. */
export interface RateLimit {
  /** Requests per period. */
  readonly limit: number | null;
  /** Requests left in this period. */
  readonly remaining: number | null;
  /** Seconds left in this period. */
  readonly resetSeconds: number | null;
}

const hourMs = 3_600_000;
/** Larger than any number of seconds left, and smaller than any present moment, in epoch seconds and in epoch ms. */
const leastMoment = { seconds: 1e9, ms: 1e12 };
/** Two of the date forms of HTTP name their zone; C's asctime means GMT without saying so. Source: RFC 9110, 5.6.7. */
const withZone = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * How long a 429 asks all workers to stop, whole ms from the answer on, 0 to one hour: Retry-After, else
 * x-ratelimit-reset, else null. An unreadable value counts as missing.
 */
export function pauseFrom(headers: Headers): number | null {
  const reset = secondsLeft(headers, resetName);
  return retryAfterMs(headers) ?? (reset === null ? null : wholeMs(reset * 1000));
}

/**
 * What `Retry-After` asks for, in whole ms from the answer on: 0 to one hour, or null when it is missing or unreadable.
 * Seconds or a date (RFC 9110, 10.2.3), or a moment as {@link secondsLeft} reads it; one before the answer's own is 0.
 */
export function retryAfterMs(headers: Headers): number | null {
  const seconds = secondsLeft(headers, 'retry-after');
  if (seconds !== null) return wholeMs(seconds * 1000);
  const date = httpDate(headerValue(headers, 'retry-after'));
  return date === null ? null : wholeMs(date - answeredAt(headers));
}

/** Reads `x-ratelimit-limit`, `-remaining` and `-reset`; null when none of them is readable. */
export function rateLimitOf(headers: Headers): RateLimit | null {
  const read = (name: string) => plainNumber(headerValue(headers, `x-ratelimit-${name}`));
  const resetSeconds = secondsLeft(headers, resetName);
  const found: RateLimit = { limit: read('limit'), remaining: read('remaining'), resetSeconds };
  return Object.values(found).every((value) => value === null) ? null : found;
}

/** Bytes of the body as announced; null when unknown. */
export function contentLength(headers: Headers): number | null {
  return plainNumber(headerValue(headers, 'content-length'));
}

const resetName = 'x-ratelimit-reset';

/**
 * A header in seconds from the answer on; null when it is missing or unreadable. UserTesting gives the seconds left; some
 * gateways give the moment in epoch seconds or ms, which its size tells.
 */
function secondsLeft(headers: Headers, name: string): number | null {
  const value = plainNumber(headerValue(headers, name));
  if (value === null || value <= leastMoment.seconds) return value;
  const moment = value > leastMoment.ms ? value : value * 1000;
  return Math.max(0, moment - answeredAt(headers)) / 1000;
}

/**
 * When the answer was given, epoch ms: its `Date`, by whose clock the moments in its other headers are meant. This
 * machine's clock, which may be wrong, only where it is missing.
 */
function answeredAt(headers: Headers): number {
  return httpDate(headerValue(headers, 'date')) ?? Date.now();
}

/** The moment (epoch ms) that an HTTP date names, else null. Stricter than `Date.parse`, which reads `-5` as a year. */
function httpDate(text: string | null): number | null {
  if (text === null) return null;
  const dated = withZone.test(text) ? text : asctime.test(text) ? `${text} GMT` : '';
  const moment = Date.parse(dated);
  return Number.isNaN(moment) ? null : moment;
}

/** Digits with at most one point; null for anything else, such as signs, exponents, or too many digits. */
function plainNumber(text: string | null): number | null {
  if (text === null || !/^\d+(\.\d+)?$/.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** One header as trimmed text, whatever the letter case of its name; null when it is missing or empty. */
function headerValue(headers: Headers, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const first: unknown = Array.isArray(found) ? found[0] : found;
  const text = typeof first === 'string' || typeof first === 'number' ? String(first).trim() : '';
  return text === '' ? null : text;
}

/** Rounded up, from 0 to one hour; null for NaN. */
function wholeMs(ms: number): number | null {
  return Number.isNaN(ms) ? null : Math.ceil(Math.min(Math.max(ms, 0), hourMs));
}

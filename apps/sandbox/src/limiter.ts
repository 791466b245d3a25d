/** Forms of `Retry-After` in a 429. `nonsense` is neither a number nor a date. */
export const RETRY_AFTER_FORMS = ['seconds', 'http-date', 'missing', 'nonsense'] as const;
export type RetryAfterForm = (typeof RETRY_AFTER_FORMS)[number];

export interface LimiterSettings {
  /** Requests allowed in any `windowMs`; 0 = no limit. */
  readonly limit: number;
  readonly windowMs: number;
  readonly retryAfter: RetryAfterForm;
  /** Whether Results answers carry `x-ratelimit-*`. */
  readonly rateHeaders: boolean;
}

/** How full the window is at one moment. */
export interface LimiterUsage {
  readonly limited: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** ms until the next place comes free: 0 while the window is empty. */
  readonly resetMs: number;
}

/** The documented limit: 10 requests in 60 s. */
export const DEFAULT_LIMITER: LimiterSettings = {
  limit: 10,
  windowMs: 60_000,
  retryAfter: 'seconds',
  rateHeaders: true,
};

/** One limit for everything that asks it: at most `limit` requests in any `windowMs`. The clock gives ms. */
export function slidingWindow(initial: LimiterSettings, clock: () => number) {
  let settings = initial;
  let taken: number[] = [];
  return {
    settings: () => settings,
    configure(change: Partial<LimiterSettings>) {
      settings = { ...settings, ...change };
    },
    usage(): LimiterUsage {
      const { limit, windowMs } = settings;
      const now = clock();
      taken = taken.filter((at) => at + windowMs > now);
      if (limit === 0) return { limited: false, limit, remaining: 0, resetMs: 0 };
      const nextFree = taken[Math.max(0, taken.length - limit)];
      const resetMs = nextFree === undefined ? 0 : nextFree + windowMs - now;
      return { limited: taken.length >= limit, limit, remaining: Math.max(0, limit - taken.length), resetMs };
    },
    /** Takes places in the window, as requests of this or of another program would. */
    take(count = 1) {
      if (settings.limit > 0) taken.push(...Array.from({ length: count }, clock));
    },
  };
}

/** `x-ratelimit-limit`, `-remaining` and `-reset` (seconds left); none without a limit or when switched off. */
export function rateHeaders(usage: LimiterUsage, settings: LimiterSettings): Record<string, string> {
  if (!settings.rateHeaders || usage.limit === 0) return {};
  return {
    'x-ratelimit-limit': String(usage.limit),
    'x-ratelimit-remaining': String(usage.remaining),
    'x-ratelimit-reset': String(Math.ceil(usage.resetMs / 1000)),
  };
}

/** The `Retry-After` header for a wait, in the configured form. `nowMs` is the wall clock, epoch ms. */
export function retryAfterHeader(waitMs: number, form: RetryAfterForm, nowMs: number): Record<string, string> {
  if (form === 'missing') return {};
  if (form === 'nonsense') return { 'retry-after': 'soon' };
  if (form === 'seconds') return { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) };
  return { 'retry-after': new Date(Math.ceil((nowMs + waitMs) / 1000) * 1000).toUTCString() };
}

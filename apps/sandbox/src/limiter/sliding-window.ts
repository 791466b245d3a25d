/** How the sandbox says in a 429 when to come back. `nonsense` is a text that is neither a number nor a date. */
export const RETRY_AFTER_FORMS = ['seconds', 'http-date', 'missing', 'nonsense'] as const;
export type RetryAfterForm = (typeof RETRY_AFTER_FORMS)[number];

/** How `x-ratelimit-reset` names the end of the wait: seconds left, or the moment in seconds or ms since the epoch. */
export const RESET_FORMS = ['seconds', 'epoch-seconds', 'epoch-ms'] as const;
type ResetForm = (typeof RESET_FORMS)[number];

export interface LimiterSettings {
  /** Requests allowed in any `windowMs`; 0 = no limit. */
  readonly limit: number;
  readonly windowMs: number;
  /** Whether a rejected request takes a place in the window too; it does not by default. */
  readonly countRejected: boolean;
  readonly retryAfter: RetryAfterForm;
  /** Whether Results answers carry `x-ratelimit-*`. */
  readonly rateHeaders: boolean;
  readonly reset: ResetForm;
}

/** The documented limit: 10 requests in 60 s. */
export const DEFAULT_LIMITER: LimiterSettings = {
  limit: 10,
  windowMs: 60_000,
  countRejected: false,
  retryAfter: 'seconds',
  rateHeaders: true,
  reset: 'seconds',
};

/** How full the window is at one moment. */
export interface Standing {
  readonly limited: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** ms until the next place comes free: 0 while the window is empty. */
  readonly resetMs: number;
}

export interface SlidingWindow {
  settings(): LimiterSettings;
  configure(change: Partial<LimiterSettings>): void;
  standing(): Standing;
  /** Takes places in the window, as requests of this or of another program do; 1 without a count. */
  take(count?: number): void;
}

/** One limit for everything that asks it: at most `limit` requests in any `windowMs`. The clock gives ms. */
export function slidingWindow(initial: LimiterSettings, clock: () => number): SlidingWindow {
  let settings = initial;
  let taken: number[] = [];

  function standing(): Standing {
    const { limit, windowMs } = settings;
    const now = clock();
    taken = taken.filter((at) => at + windowMs > now);
    if (limit === 0) return { limited: false, limit, remaining: 0, resetMs: 0 };
    const nextFree = taken[Math.max(0, taken.length - limit)];
    const resetMs = nextFree === undefined ? 0 : nextFree + windowMs - now;
    return { limited: taken.length >= limit, limit, remaining: Math.max(0, limit - taken.length), resetMs };
  }

  return {
    settings: () => settings,
    configure(change) {
      settings = { ...settings, ...change };
    },
    standing,
    take(count = 1) {
      if (settings.limit === 0) return;
      const now = clock();
      for (let place = 0; place < count; place += 1) taken.push(now);
    },
  };
}

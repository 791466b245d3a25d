import type { LimiterSettings, RetryAfterForm, Standing } from './sliding-window.ts';

/**
 * `x-ratelimit-limit`, `-remaining` and `-reset` in the configured form; none without a limit or when switched off.
 * `nowMs` is the wall clock, epoch ms.
 */
export function rateHeaders(standing: Standing, settings: LimiterSettings, nowMs: number): Record<string, string> {
  if (!settings.rateHeaders || standing.limit === 0) return {};
  return {
    'x-ratelimit-limit': String(standing.limit),
    'x-ratelimit-remaining': String(standing.remaining),
    'x-ratelimit-reset': String(resetValue(standing.resetMs, settings.reset, nowMs)),
  };
}

/** The `Retry-After` header for a wait, in the configured form. `nowMs` is the wall clock, epoch ms. */
export function retryAfterHeader(waitMs: number, form: RetryAfterForm, nowMs: number): Record<string, string> {
  if (form === 'missing') return {};
  if (form === 'nonsense') return { 'retry-after': 'soon' };
  if (form === 'seconds') return { 'retry-after': String(Math.max(1, wholeSeconds(waitMs))) };
  return { 'retry-after': new Date(wholeSeconds(nowMs + waitMs) * 1000).toUTCString() };
}

function resetValue(resetMs: number, form: LimiterSettings['reset'], nowMs: number): number {
  if (form === 'epoch-ms') return Math.ceil(nowMs + resetMs);
  return wholeSeconds(form === 'seconds' ? resetMs : nowMs + resetMs);
}

function wholeSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

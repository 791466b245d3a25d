import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITER, type LimiterSettings, rateHeaders, retryAfterHeader, slidingWindow } from './limiter.ts';

function windowAt(change: Partial<LimiterSettings>) {
  let now = 1000;
  const limiter = slidingWindow({ ...DEFAULT_LIMITER, limit: 2, windowMs: 100, ...change }, () => now);
  const at = (ms: number) => {
    now = 1000 + ms;
  };
  return { limiter, at };
}

describe('slidingWindow', () => {
  it('lets the limit pass and no more', () => {
    const { limiter } = windowAt({});
    expect(limiter.usage()).toEqual({ limited: false, limit: 2, remaining: 2, resetMs: 0 });
    limiter.take();
    limiter.take();
    expect(limiter.usage()).toEqual({ limited: true, limit: 2, remaining: 0, resetMs: 100 });
  });

  it('frees each place exactly one window after it was taken', () => {
    const { limiter, at } = windowAt({});
    limiter.take();
    at(60);
    limiter.take();
    at(99);
    expect(limiter.usage()).toMatchObject({ limited: true, resetMs: 1 });
    at(100);
    expect(limiter.usage()).toMatchObject({ limited: false, remaining: 1, resetMs: 60 });
    limiter.take();
    at(159);
    expect(limiter.usage().limited).toBe(true);
    at(160);
    expect(limiter.usage().limited).toBe(false);
  });

  it('never limits when the limit is 0', () => {
    const { limiter } = windowAt({ limit: 0 });
    limiter.take(50);
    expect(limiter.usage().limited).toBe(false);
  });

  it('tells the time until a request could pass, also when more places were taken than there are', () => {
    const { limiter, at } = windowAt({});
    limiter.take();
    at(10);
    limiter.take(2);
    expect(limiter.usage()).toMatchObject({ limited: true, resetMs: 100 });
  });

  it('can be reconfigured while it runs', () => {
    const { limiter } = windowAt({});
    limiter.take(2);
    limiter.configure({ limit: 3 });
    expect(limiter.usage()).toMatchObject({ limited: false, limit: 3, remaining: 1 });
  });
});

const nowMs = Date.UTC(2026, 0, 1, 0, 0, 0, 500);
const usage = { limited: false, limit: 10, remaining: 4, resetMs: 5001 };

describe('rateHeaders', () => {
  it('rounds the seconds that are left up', () => {
    expect(rateHeaders(usage, DEFAULT_LIMITER)).toEqual({
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '4',
      'x-ratelimit-reset': '6',
    });
  });

  it('are missing without a limit or when switched off', () => {
    expect(rateHeaders({ ...usage, limit: 0 }, DEFAULT_LIMITER)).toEqual({});
    expect(rateHeaders(usage, { ...DEFAULT_LIMITER, rateHeaders: false })).toEqual({});
  });
});

describe('retryAfterHeader', () => {
  it('has the form that is asked for', () => {
    const header = (form: 'seconds' | 'http-date' | 'missing' | 'nonsense') => retryAfterHeader(1600, form, nowMs);
    expect(header('seconds')).toEqual({ 'retry-after': '2' });
    expect(header('http-date')).toEqual({ 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' });
    expect(header('missing')).toEqual({});
    expect(header('nonsense')).toEqual({ 'retry-after': 'soon' });
  });
});

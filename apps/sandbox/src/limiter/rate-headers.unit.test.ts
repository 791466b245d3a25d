import { describe, expect, it } from 'vitest';
import { rateHeaders, retryAfterHeader } from './rate-headers.ts';
import { DEFAULT_LIMITER } from './sliding-window.ts';

const nowMs = Date.UTC(2026, 0, 1, 0, 0, 0, 500);
const standing = { limited: false, limit: 10, remaining: 4, resetMs: 5001 };

describe('rateHeaders', () => {
  it('counts the seconds that are left in whole ones, rounded up', () => {
    expect(rateHeaders(standing, DEFAULT_LIMITER, nowMs)).toEqual({
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '4',
      'x-ratelimit-reset': '6',
    });
  });

  it('names the moment of the reset in seconds or ms since the epoch when asked to', () => {
    const reset = (form: 'epoch-seconds' | 'epoch-ms') =>
      rateHeaders(standing, { ...DEFAULT_LIMITER, reset: form }, nowMs)['x-ratelimit-reset'];
    expect(reset('epoch-seconds')).toBe(String(Date.UTC(2026, 0, 1, 0, 0, 6) / 1000));
    expect(reset('epoch-ms')).toBe(String(nowMs + 5001));
  });

  it('says nothing without a limit or when switched off', () => {
    expect(rateHeaders({ ...standing, limit: 0 }, DEFAULT_LIMITER, nowMs)).toEqual({});
    expect(rateHeaders(standing, { ...DEFAULT_LIMITER, rateHeaders: false }, nowMs)).toEqual({});
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

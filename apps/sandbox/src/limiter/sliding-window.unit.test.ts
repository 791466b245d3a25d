import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITER, type LimiterSettings, slidingWindow } from './sliding-window.ts';

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
    expect(limiter.standing()).toEqual({ limited: false, limit: 2, remaining: 2, resetMs: 0 });
    limiter.take();
    limiter.take();
    expect(limiter.standing()).toEqual({ limited: true, limit: 2, remaining: 0, resetMs: 100 });
  });

  it('frees each place exactly one window after it was taken', () => {
    const { limiter, at } = windowAt({});
    limiter.take();
    at(60);
    limiter.take();
    at(99);
    expect(limiter.standing()).toMatchObject({ limited: true, resetMs: 1 });
    at(100);
    expect(limiter.standing()).toMatchObject({ limited: false, remaining: 1, resetMs: 60 });
    limiter.take();
    at(159);
    expect(limiter.standing().limited).toBe(true);
    at(160);
    expect(limiter.standing().limited).toBe(false);
  });

  it('never limits when the limit is 0', () => {
    const { limiter } = windowAt({ limit: 0 });
    limiter.take(50);
    expect(limiter.standing().limited).toBe(false);
  });

  it('names the time until a request could pass also when more places were taken than there are', () => {
    const { limiter, at } = windowAt({});
    limiter.take();
    at(10);
    limiter.take(2);
    expect(limiter.standing()).toMatchObject({ limited: true, resetMs: 100 });
  });

  it('can be set anew while it runs', () => {
    const { limiter } = windowAt({});
    limiter.take(2);
    limiter.configure({ limit: 3 });
    expect(limiter.standing()).toMatchObject({ limited: false, limit: 3, remaining: 1 });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isValid, refreshDueAt } from './token-record.ts';

const tokenOf = (lifetimeMs: number) => ({
  accessToken: 'a',
  generation: 1,
  obtainedAt: 1_000_000,
  lifetimeMs,
  expiresAt: Math.floor((1_000_000 + lifetimeMs) / 1000),
});

describe('when a token is refreshed', () => {
  it('five minutes before it expires', () => {
    expect(refreshDueAt(tokenOf(3_600_000))).toBe(1_000_000 + 3_300_000);
    expect(refreshDueAt(tokenOf(600_000))).toBe(1_000_000 + 300_000);
  });

  it('at half its life when that is under ten minutes', () => {
    expect(refreshDueAt(tokenOf(599_000))).toBe(1_000_000 + 299_500);
    expect(refreshDueAt(tokenOf(2_000))).toBe(1_000_000 + 1_000);
  });

  it('always while it is still valid, if it lives for two seconds or more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2_000, max: 1e9 }), (lifetimeMs) => {
        const token = tokenOf(lifetimeMs);
        expect(isValid(token, refreshDueAt(token))).toBe(true);
        expect(refreshDueAt(token)).toBeGreaterThan(token.obtainedAt);
      }),
    );
  });

  it('an expiry of 0 counts as expired', () => {
    expect(isValid({ ...tokenOf(1), expiresAt: 0 }, 1)).toBe(false);
  });
});

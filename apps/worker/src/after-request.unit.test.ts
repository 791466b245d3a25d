import { describe, expect, it } from 'vitest';
import { backOff } from './after-request.ts';

describe('the back-off of a step', () => {
  it('doubles from a second to a minute', () => {
    expect([1, 2, 3, 6, 7, 100].map((tries) => backOff(tries, 0))).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
  });

  it('takes at most half of it off by chance', () => {
    expect(backOff(3, 1)).toBe(2000);
  });
});

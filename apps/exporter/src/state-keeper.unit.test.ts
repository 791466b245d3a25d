import { expect, test } from 'vitest';
import { msUntilNextWrite } from './state-keeper.ts';

test('the first write is due at once', () => {
  expect(msUntilNextWrite(null, 5000, 0)).toBe(0);
});

test('quick writes begin one interval apart', () => {
  expect(msUntilNextWrite({ startedAt: 100, durationMs: 50, failed: false }, 5000, 1100)).toBe(4000);
  expect(msUntilNextWrite({ startedAt: 100, durationMs: 50, failed: false }, 5000, 9000)).toBe(0);
});

test('long writes begin four durations apart', () => {
  expect(msUntilNextWrite({ startedAt: 0, durationMs: 3000, failed: false }, 5000, 3000)).toBe(9000);
});

test('a failed write is tried again after a second, or the interval if that is shorter', () => {
  expect(msUntilNextWrite({ startedAt: 0, durationMs: 50, failed: true }, 3_600_000, 50)).toBe(950);
  expect(msUntilNextWrite({ startedAt: 0, durationMs: 50, failed: true }, 100, 50)).toBe(150);
});

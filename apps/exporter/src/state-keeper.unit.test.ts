import { expect, test } from 'vitest';
import { msUntilNextWrite } from './state-keeper.ts';

const plan = { intervalMs: 5000, tests: 100, now: 1100 };
const last = { startedAt: 100, durationMs: 50, failed: false };

test('the first write is due at once', () => {
  expect(msUntilNextWrite(null, plan)).toBe(0);
});

test('quick writes begin one interval apart', () => {
  expect(msUntilNextWrite(last, plan)).toBe(4000);
  expect(msUntilNextWrite(last, { ...plan, now: 9000 })).toBe(0);
});

test('long writes begin four durations apart', () => {
  expect(msUntilNextWrite({ ...last, durationMs: 3000 }, plan)).toBe(11_000);
});

test('a write of many tests is expected to be long, although the last one was of a few', () => {
  expect(msUntilNextWrite(last, { ...plan, tests: 100_000 })).toBeCloseTo(5800);
});

test('a failed write is tried again after a second, or the interval if that is shorter', () => {
  expect(msUntilNextWrite({ ...last, failed: true }, { ...plan, intervalMs: 3_600_000 })).toBe(0);
  expect(msUntilNextWrite({ ...last, failed: true }, { ...plan, intervalMs: 3_600_000, now: 150 })).toBe(950);
  expect(msUntilNextWrite({ ...last, failed: true }, { ...plan, intervalMs: 600, now: 150 })).toBe(550);
});

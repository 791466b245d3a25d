import type { RunRecord } from '@inventory/checkpoints';
import { keptStarts } from '@inventory/queue';
import type { Summary } from '../api/summary-schema.ts';
import type { TestIndex } from './test-index.ts';

const minuteMs = 60_000;
const shownMinutes = 60;

/**
 * Requests in each of the last 60 whole minutes, the oldest first; null for a minute that reaches back behind the starts
 * that are kept.
 * @param starts when the last requests started, newest first, epoch ms
 * @param now on the same clock, epoch ms
 */
export function requestsPerMinute(starts: readonly number[], now: number): (number | null)[] {
  const end = Math.floor(now / minuteMs);
  const knownFrom = starts.length < keptStarts ? 0 : (starts.at(-1) ?? 0);
  const counts = Array.from({ length: shownMinutes }, (_, index): number | null =>
    (end - shownMinutes + index) * minuteMs < knownFrom ? null : 0,
  );
  for (const at of starts) {
    const index = Math.floor(at / minuteMs) - end + shownMinutes;
    const count = counts[index];
    if (typeof count === 'number') counts[index] = count + 1;
  }
  return counts;
}

/** Parts of the time of a run between which the tests that waited are told. */
const steps = 60;

/**
 * How many of the tests that are known now waited at each time of the current runs: those that wait still, and those
 * whose outcome came later. That needs no history, so it is there after a restart as well.
 * @param runs present runs, or the latest one
 * @param now epoch ms of Redis' clock
 * @returns null without a test that waits
 */
export function burnDown(index: TestIndex, runs: readonly RunRecord[], now: number): Summary['burn_down'] {
  const from = Math.min(...runs.map(({ startedAt }) => startedAt));
  if (index.open.size === 0 || !(from < now)) return null;
  const stepMs = (now - from) / steps;
  const ended = new Array<number>(steps).fill(0);
  const note = (at: number): void => {
    const step = Math.min(Math.floor((at - from) / stepMs), steps - 1);
    if (step >= 0) ended[step] = (ended[step] ?? 0) + 1;
  };
  const start = new Date(from).toISOString();
  for (const { classified_at, error, test_uuid } of index.store.all()) {
    if (index.open.has(test_uuid)) continue;
    if (error !== null) note(index.errors.get(test_uuid)?.at ?? 0);
    else if (classified_at !== null && classified_at >= start) note(Date.parse(classified_at));
  }
  const open = [index.open.size];
  for (const count of ended.reverse()) open.unshift((open[0] ?? 0) + count);
  return { from: start, to: new Date(now).toISOString(), open };
}

import type { PaceStatus } from '@inventory/queue';
import { describe, expect, it } from 'vitest';
import { Standstill, waitingLine } from './standstill.ts';

const worker = { role: 'worker', host: 'h', pid: 1, slots: 1, intervalMs: 1, seenAt: 0 };
const pace: PaceStatus = {
  now: 0,
  processes: [worker],
  intervalMs: 1,
  pause: null,
  held: null,
  heldSince: null,
  circuit: null,
  starts: [1],
};
const run = { selected: 4, open: 3 };
const counts = { waiting: 0, active: 0, delayed: 0, failed: 0 };
const facts = { counts, nextRetryAt: null };

describe('a run that stands still', () => {
  const moment = { run, listed: true, pace };

  it('is noticed before half a minute is over, and then every five minutes', () => {
    const standstill = new Standstill(0);
    const said = (from: number, to: number): number[] => {
      const times: number[] = [];
      for (let at = from; at <= to; at += 200) if (standstill.see(moment, at) !== null) times.push(at);
      return times;
    };
    expect(said(0, 24_000)).toEqual([]);
    expect(said(24_200, 320_000)).toEqual([25_000]);
    expect(said(320_200, 330_000)).toEqual([325_000]);
  });

  it.each([
    ['a test has an outcome', { ...moment, run: { selected: 4, open: 2 } }],
    ['a test is selected', { ...moment, run: { selected: 5, open: 3 } }],
    ['a request starts', { ...moment, pace: { ...pace, starts: [2, 1] } }],
    ['the listing ends', { ...moment, listed: false }],
  ])('does not when %s', (_, other) => {
    const standstill = new Standstill(0);
    standstill.see(moment, 0);
    standstill.see(other, 20_000);
    expect(standstill.see(other, 40_000)).toBeNull();
  });

  const circuit = { cause: 'outage', why: 'no answer from api.example', since: 0, nextProbeAt: 1, failed: 0 } as const;
  it.each([
    ['the listing.*the API has not answered', { listed: false, run: { selected: 0, open: 0 } }, facts],
    ['3 tests.*for 30 s: the queue is held', { pace: { ...pace, held: 'auth' } }, facts],
    ['no answer from api.example; the next request goes out at', { pace: { ...pace, circuit } }, facts],
    ['no worker is connected', { pace: { ...pace, processes: [] } }, facts],
    ['429.*until', { pace: { ...pace, pause: { until: 1, cause: 'refused' as const } } }, facts],
    ['1 request sent', {}, { ...facts, counts: { ...counts, active: 1 } }],
    ['2 tests in the queue, and no worker has taken one', {}, { ...facts, counts: { ...counts, waiting: 2 } }],
    ['is retried at', {}, { ...facts, nextRetryAt: 5 }],
    ['enqueues them again', {}, facts],
  ])('says %s', (text, different, queue) => {
    expect(waitingLine({ ...moment, ...different }, queue, 30_400)).toMatch(new RegExp(text));
  });
});

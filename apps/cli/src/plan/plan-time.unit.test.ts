import { expect, it } from 'vitest';
import { planTime } from './plan-time.ts';

const requests = { low: 0, expected: 10, high: 20 };
const idle = { now: 5_000, processes: [], intervalMs: 999_999, pause: null, held: null, circuit: null, starts: [] };
const worker = { role: 'worker', host: 'h', pid: 1, slots: 6, seenAt: 5_000 };

it('counts one interval a request, and no time for no request', () => {
  expect(planTime(requests, 6_000, idle, 1_000_000)).toEqual({
    intervalMs: 6_000,
    pausedMs: 0,
    ms: { low: 0, expected: 60_000, high: 120_000 },
    endsAt: { low: 1_000_000, expected: 1_060_000, high: 1_120_000 },
  });
});

it('the longer interval of a process that is attached holds', () => {
  const pace = { ...idle, processes: [{ ...worker, intervalMs: 9_000 }] };
  expect(planTime(requests, 6_000, pace, 0).ms.expected).toBe(90_000);
  expect(planTime(requests, 12_000, pace, 0).ms.expected).toBe(120_000);
});

it('a pause comes first', () => {
  const pace = { ...idle, pause: { until: 8_000, cause: 'refused' as const, refusedSince: null } };
  expect(planTime(requests, 1_000, pace, 0).ms).toEqual({ low: 0, expected: 13_000, high: 23_000 });
});

it('promises no end while the API does not answer', () => {
  const circuit = { cause: 'outage', why: '', since: 0, nextProbeAt: 8_000 } as const;
  expect(planTime(requests, 1_000, { ...idle, circuit }, 0)).toMatchObject({ ms: { expected: 10_000 }, endsAt: null });
});

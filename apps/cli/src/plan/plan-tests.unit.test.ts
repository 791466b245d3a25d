import { type Evidence, evidenceLife, type Verdict } from '@inventory/classification';
import { describe, expect, it } from 'vitest';
import { type Known, type ListedKnown, planTests, planTime, situationOf } from './plan-tests.ts';

const now = 10 * evidenceLife;
const options = { mix: {}, rules: 'tutorial', classifyBy: 'auto', toAskAgain: 0, runStartedAt: null, now } as const;
const fresh = (evidence: Evidence = {}, declared = false): ListedKnown => ({
  declared,
  known: { verdict: null, certainty: null, evidence, open: false, failed: false },
});

describe('the plan of a run', () => {
  it('asks one to four requests of each test that the listing does not decide', async () => {
    const { byListing, toProbe, requests } = await planTests([[fresh(), fresh()], [fresh({}, true)]], options);
    expect({ byListing, toProbe, requests }).toEqual({
      byListing: 1,
      toProbe: 2,
      requests: { low: 2, expected: 5, high: 8 },
    });
  });

  it('expects what the tests decided so far have cost', async () => {
    const mix = { 'sessions-not-found': 1_000_000 };
    expect((await planTests([[fresh(), fresh()]], { ...options, mix })).requests.expected).toBe(2);
  });

  it('says how many tests that is based on, without the declared ones', async () => {
    const mix = { 'sessions-not-found': 3, 'no-other-data': 2, 'declared-WEB': 7 };
    expect((await planTests([[fresh()]], { ...options, mix })).learnedFrom).toBe(5);
    expect((await planTests([[fresh()]], options)).learnedFrom).toBe(0);
  });

  it('probes everything with probe, and nothing with metadata', async () => {
    const tests = [[fresh(), fresh({}, true)]];
    expect(await planTests(tests, { ...options, classifyBy: 'probe' })).toMatchObject({ toProbe: 2, byListing: 0 });
    expect(await planTests(tests, { ...options, classifyBy: 'metadata' })).toMatchObject({
      toProbe: 0,
      byListing: 1,
      undecidable: 1,
      requests: { low: 0, expected: 0, high: 0 },
    });
  });

  it('does not ask again what was answered, unless that was a day ago', async () => {
    const answered = (at: number): Evidence => ({
      sessions: { outcome: 'present', sessionId: 's', at },
      video: { outcome: 'absent', at },
      qx: { outcome: 'absent', at },
    });
    expect((await planTests([[fresh(answered(now - 1000))]], options)).requests.high).toBe(1);
    expect((await planTests([[fresh(answered(now - evidenceLife - 1))]], options)).requests.high).toBe(4);
  });

  it('asks again for what was absent when a provisional verdict is due, and for three unconfirmed tests', async () => {
    const at = now - 1000;
    const evidence: Evidence = {
      sessions: { outcome: 'present', sessionId: 's', at },
      video: { outcome: 'absent', at },
      qx: { outcome: 'absent', at },
      transcript: { outcome: 'present', at },
    };
    const verdict = { category: 'think-out-loud test', rule: 'has-transcript', source: 'probed', at } as const;
    const due: ListedKnown = {
      declared: false,
      known: { ...fresh(evidence).known, verdict: { ...verdict, provisionalUntil: now }, certainty: 'provisional' },
    };
    expect((await planTests([[due]], options)).requests).toMatchObject({ low: 1, high: 2 });
    const classic = { category: 'ClassicUT', rule: 'sessions-not-found', source: 'probed', at } as const;
    const doubted: ListedKnown = {
      declared: false,
      known: { ...fresh({}).known, verdict: classic, certainty: 'unconfirmed' },
    };
    const plan = await planTests([[doubted, doubted, doubted, doubted]], { ...options, toAskAgain: 3 });
    expect(plan.situations).toMatchObject({ recheck: 3, done: 1 });
  });
});

describe('where a test is before a run', () => {
  const verdict = (category: Verdict['category'], at = 100): Verdict => ({ category, rule: 'r', source: 'probed', at });
  const known = (more: Partial<Known> = {}): Known => ({
    verdict: null,
    certainty: null,
    evidence: {},
    open: false,
    failed: false,
    ...more,
  });

  it.each([
    ['never seen', known(), 'new'],
    ['queued', known({ open: true }), 'interrupted'],
    ['queued, with an error from before', known({ open: true, failed: true }), 'interrupted'],
    ['ended in an error', known({ failed: true }), 'error'],
    ['decided', known({ verdict: verdict('survey') }), 'done'],
    ['provisional, until later', known({ verdict: { ...verdict('survey'), provisionalUntil: now + 1 } }), 'done'],
    ['provisional, until now', known({ verdict: { ...verdict('survey'), provisionalUntil: now } }), 'recheck'],
    ['without sessions', known({ verdict: verdict('no sessions') }), 'recheck'],
    ['without sessions, then an error', known({ verdict: verdict('no sessions'), failed: true }), 'error'],
  ] as const)('%s', (_, test, situation) => {
    expect(situationOf(test, { runStartedAt: null, now })).toBe(situation);
  });

  it('a test without sessions is probed once in a run that is interrupted and resumed', () => {
    const test = known({ verdict: verdict('no sessions', 100) });
    expect(situationOf(test, { runStartedAt: 99, now })).toBe('done');
    expect(situationOf(test, { runStartedAt: 101, now })).toBe('recheck');
  });
});

describe('the time of a run', () => {
  const requests = { low: 0, expected: 10, high: 20 };
  const idle = {
    now: 5_000,
    processes: [],
    intervalMs: 999_999,
    pause: null,
    held: null,
    heldSince: null,
    circuit: null,
    starts: [],
  };
  const worker = { role: 'worker', host: 'h', pid: 1, slots: 6, seenAt: 5_000 };

  it('counts one interval per request, and no time for no request', () => {
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
    const pace = { ...idle, pause: { until: 8_000, cause: 'refused' as const } };
    expect(planTime(requests, 1_000, pace, 0).ms).toEqual({ low: 0, expected: 13_000, high: 23_000 });
  });

  it('promises no end while the circuit is open', () => {
    const circuit = { cause: 'outage', why: '', since: 0, nextProbeAt: 8_000, failed: 0 } as const;
    expect(planTime(requests, 1_000, { ...idle, circuit }, 0)).toMatchObject({
      ms: { expected: 10_000 },
      endsAt: null,
    });
  });
});

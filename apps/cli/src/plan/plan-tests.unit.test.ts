import type { Evidence } from '@inventory/classification';
import { evidenceLife } from '@inventory/classification';
import { describe, expect, it } from 'vitest';
import { type ListedKnown, planTests } from './plan-tests.ts';

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

  it('says from how many tests it has learned that, which declared ones are not among', async () => {
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

  it('asks once more for what was absent where a provisional verdict is due, and for three unconfirmed tests', async () => {
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
    expect(plan.stands).toMatchObject({ recheck: 3, done: 1 });
  });
});

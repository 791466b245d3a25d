import type { Verdict } from '@inventory/classification';
import { describe, expect, it } from 'vitest';
import { type Known, standOf } from './stand-of.ts';

const verdict = (category: Verdict['category'], at = 100): Verdict => ({ category, rule: 'r', source: 'probed', at });
const now = 1_000;
const known = (more: Partial<Known> = {}): Known => ({
  verdict: null,
  certainty: null,
  evidence: {},
  open: false,
  failed: false,
  ...more,
});

describe('where a test stands before a run', () => {
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
  ] as const)('%s', (_, test, stand) => {
    expect(standOf(test, { runStartedAt: null, now })).toBe(stand);
  });

  it('a test without sessions is looked at once in a run that is interrupted and goes on', () => {
    const test = known({ verdict: verdict('no sessions', 100) });
    expect(standOf(test, { runStartedAt: 99, now })).toBe('done');
    expect(standOf(test, { runStartedAt: 101, now })).toBe('recheck');
  });
});

import { describe, expect, it } from 'vitest';
import { changedTest, changeLines, changeTexts, effortText, outcomeTexts, progressOf } from './run-words.ts';
import type { ChangeJson, RunReport } from './runs.ts';

const none = { new: 0, classified: 0, type_changed: 0, unlisted: 0, listed_again: 0, error_new: 0, error_gone: 0 };
const change: ChangeJson = {
  cursor: '1-0',
  at: '2026-03-03T02:00:00.000Z',
  changes: ['type_changed'],
  test_uuid: 'u',
  title: 'Checkout',
  workspace_uuid: 'w',
  workspace_name: 'Studio',
  from: 'survey',
  to: 'interaction test',
  rule: 'has-video',
  because: 'video available',
  error: null,
  runs: ['1'],
};
const run: RunReport['run'] = {
  id: '1',
  selection: 'all',
  started_at: '2026-03-03T02:00:00.000Z',
  finished_at: '2026-03-03T04:05:00.000Z',
  duration_ms: 7_500_000,
  listed: true,
  selected: 300,
  open: 0,
  shared: 0,
  outcomes: {},
  requests: 1204,
  throttled: 3,
  changes: { ...none, new: 12, type_changed: 2 },
};

describe('how far runs are', () => {
  it('counts a test once that several runs wait for', () => {
    const runs = [
      { ...run, open: 244 },
      { ...run, selected: 106, shared: 106, open: 106 },
    ];
    expect(progressOf(runs, 244)).toEqual({ selected: 300, done: 56, errors: 0 });
  });

  it('an error is not done', () => {
    expect(progressOf([{ ...run, open: 100, outcomes: { survey: 190, error: 10 } }], 100)).toEqual({
      selected: 300,
      done: 190,
      errors: 10,
    });
  });

  it('an error of a test that two runs share counts once', () => {
    const shared = { ...run, selected: 106, shared: 106, open: 50, outcomes: { error: 2 } };
    const runs = [{ ...run, open: 100, outcomes: { error: 2 } }, shared];
    expect(progressOf(runs, 100, 2)).toEqual({ selected: 300, done: 198, errors: 2 });
  });

  it('is that of the second run alone once the first is over', () => {
    expect(progressOf([{ ...run, selected: 106, shared: 106, open: 6 }], 6)).toMatchObject({
      selected: 106,
      done: 100,
    });
  });
});

describe('what changed', () => {
  it('says the type before and after, and why; a workspace by its name; an error by its type', () => {
    expect(changedTest(change)).toBe('Checkout (u): survey → interaction test (video available)');
    expect(changedTest({ ...change, title: null, from: null })).toBe('u: interaction test (video available)');
    const bare = { ...change, from: null, to: null, because: null };
    expect(changedTest({ ...bare, error: 'network_error' })).toBe('Checkout (u): network_error');
    expect(changedTest({ ...bare, test_uuid: null })).toBe('workspace Studio (w)');
  });

  it('is one line a kind, with the tests of the report below', () => {
    expect(changeLines({ run, tests: { type_changed: [change] }, complete: true })).toEqual([
      'What changed (2 h 05 min, 1,204 requests, 3 × 429):',
      '  12 new tests',
      '  2 with another type',
      '    Checkout (u): survey → interaction test (video available)',
      '    … and 1 more',
    ]);
  });

  it('says that nothing has, and nothing about a run of an older version', () => {
    expect(changeLines({ run: { ...run, changes: none }, tests: {}, complete: true })).toEqual([
      'What changed (2 h 05 min, 1,204 requests, 3 × 429): nothing',
    ]);
    expect(changeLines({ run: { ...run, changes: null }, tests: {}, complete: true })).toEqual([]);
  });

  it('leaves out what is not known, and what has not changed', () => {
    expect(effortText({ duration_ms: null, requests: 1, throttled: 0 })).toBe('1 request, no 429');
    expect(effortText({ duration_ms: 5_000, requests: null, throttled: null })).toBe('5 s');
    expect(changeTexts({ ...none, error_gone: 1, error_new: 2 })).toEqual(['2 new errors', '1 error gone']);
  });
});

it('what became of the tests of a run is counted in the order of the types, errors last', () => {
  const outcomes = { error: 1, ClassicUT: 3, 'no sessions': 2, survey: 1200, 'interaction test': 1 };
  expect(outcomeTexts({ outcomes })).toEqual([
    '1 interaction test',
    '1,200 surveys',
    '2 without sessions',
    '3 ClassicUT',
    '1 error',
  ]);
  expect(outcomeTexts({ outcomes: {} })).toEqual([]);
});

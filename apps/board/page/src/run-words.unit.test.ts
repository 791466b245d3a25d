import { describe, expect, it } from 'vitest';
import type { Run } from './answers.ts';
import { selectionText, workText } from './run-words.ts';

const run: Run = {
  id: '1',
  duration_ms: null,
  shared: 0,
  requests: null,
  throttled: null,
  changes: null,
  selection: 'all',
  started_at: '2026-03-03T02:00:00.000Z',
  finished_at: '2026-03-03T10:04:00.000Z',
  listed: true,
  selected: 1204,
  open: 0,
  outcomes: { error: 1, ClassicUT: 3, survey: 1200 },
};

describe('a run', () => {
  it('says how much of it is done', () => {
    expect(workText(run)).toBe('1,203 of 1,204 tests done');
    expect(workText({ ...run, outcomes: { survey: 1204 } })).toBe('all 1,204 tests');
    expect(workText({ ...run, open: 200 })).toBe('1,003 of 1,204 tests done');
    expect(workText({ ...run, listed: false })).toBe('1,204 tests, still listing');
    expect(workText({ ...run, selected: 0, outcomes: {} })).toBe('nothing to do');
  });

  it.each([
    ['all', 'All workspaces'],
    ['retry', 'Retry of errors'],
    ['reclassify', 'Reclassification'],
    ['audit 50 7', 'Audit'],
    ['w', 'Mobile app'],
    ['gone', '1 workspace'],
    ['w,gone', '2 workspaces'],
  ])('of the selection %j is called %j', (selection, text) => {
    const workspace = { uuid: 'w', name: 'Mobile app', total: 0, by_category: {} as never, errors: 0 };
    expect(selectionText(selection, [workspace])).toBe(text);
  });
});

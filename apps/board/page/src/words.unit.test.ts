import { healthText } from '@inventory/status/health';
import { describe, expect, it } from 'vitest';
import type { Run } from './answers.ts';
import { dateText, nearTime, periodText, selectionName, staleHealth, workText } from './words.ts';

it('a time is as exact as it has to be: today, this week, else', () => {
  const now = new Date(2026, 2, 3, 12, 0).getTime();
  const at = (day: number): string => new Date(2026, 2, day, 14, 5).toISOString();
  expect([at(3), at(5), at(20)].map((then) => nearTime(then, now))).toEqual([
    '14:05',
    'Thu 14:05',
    '20 Mar 2026, 14:05',
  ]);
});

it('a date that is not known is a dash', () => {
  expect([dateText(null), dateText('never')]).toEqual(['–', '–']);
});

it('a month is named, a year is a number', () => {
  expect([periodText('2026-03'), periodText('2026')]).toEqual(['Mar 2026', '2026']);
});

const fresh = { at: '2026-03-03T12:31:06.000Z', stale: false };
const says = (...given: Parameters<typeof staleHealth>): string => {
  const health = staleHealth(...given);
  return health === null ? '' : healthText(health);
};

it('nothing is said while the figures are fresh', () => {
  expect([says(null, null), says(null, fresh)]).toEqual(['', '']);
});

it('old figures are said to be old, with the reason, their time and what to do', () => {
  expect(says(null, { ...fresh, stale: true })).toMatch(
    /^Redis has not answered since .*:06: what is shown is from .*:06; trying again; npm run doctor/,
  );
  const lost = { status: null, message: 'x', near: [] };
  expect(says(lost, fresh)).toMatch(/^Connection lost: what is shown is from .*:06; trying again; npm run board/);
  expect(says(lost, null)).toMatch(/^Connection lost: trying again/);
  expect(says({ ...lost, status: 503, message: 'The tests are being read.' }, fresh)).toMatch(
    /^The tests are being read: what is shown is from/,
  );
});

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
    expect(selectionName(selection, [workspace])).toBe(text);
  });
});

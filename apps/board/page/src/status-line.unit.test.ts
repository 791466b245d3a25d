import { describe, expect, it } from 'vitest';
import type { Summary } from './answers.ts';
import { staleText, statusLine } from './status-line.ts';

const now = new Date(2026, 2, 3, 12, 0, 0).getTime();
const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();
const none = { 'interaction test': 0, 'think-out-loud test': 0, survey: 0, 'live conversation': 0, 'no sessions': 0 };
const sure = { provisional: 0, unconfirmed: 0 };
const run = {
  selection: 'all',
  started_at: at(-60),
  finished_at: null,
  listed: true,
  selected: 5_000,
  open: 3_796,
  outcomes: {},
};
const working: Summary = {
  at: at(0),
  prefix: '{p}',
  stale: false,
  in_use: true,
  tests: { total: 5_000, classified: 1_204, undecided: 3_796, open: 3_796, errors: 0, unlisted: 0, ...sure },
  by_platform: { UTZ: 0, ClassicUT: 0 },
  by_category: { ...none, ClassicUT: 0 },
  by_month: [],
  workspaces: [],
  undecided: { open: 3_796, errors: 0, not_selected: 0 },
  runs: [run],
  history: [],
  left: { requests: { low: 1, expected: 2, high: 3 }, ms: 7 * 3_600_000, ends_at: at(7 * 60) },
  pace: {
    interval_ms: 6_050,
    limited_until: null,
    cause: null,
    held: null,
    circuit: null,
    last_request_at: null,
    requests_last_minute: 9,
  },
  workers: [{ role: 'worker', host: 'h', pid: 1, slots: 6, interval_ms: 6_050, seen_at: at(0) }],
  token_expires_at: null,
  last_verdict_at: null,
  errors: { total: 0, by_type: {}, recent: [] },
};
const done = { tests: { ...working.tests, open: 0 }, runs: [{ ...run, open: 0, finished_at: at(0) }] };

function sentence(more: Partial<Summary>): string {
  const { word, sentence, command = '', after = '' } = statusLine({ ...working, ...more }, now);
  return [`${word}:`, sentence, command, after].filter((part) => part !== '').join(' ');
}

describe('the status', () => {
  it('of a current run says how far it is, how long it takes and when it ends', () => {
    expect(sentence({})).toBe('Working: 1,204 of 5,000 tests done, about 7 h 00 min left, ends 19:00');
  });

  it('promises no end while the listing is not complete', () => {
    expect(sentence({ runs: [{ ...run, listed: false }] })).toContain('5,000 tests done, still listing');
    expect(sentence({ ...done, runs: [{ ...run, open: 0, listed: false }] })).toBe('Listing: 5,000 tests found so far');
  });

  it('says that there is no worker before it says that the API pauses', () => {
    const pace = { ...working.pace, limited_until: at(31) };
    expect(sentence({ pace })).toBe('Paused by the API until 12:31:00: 3,796 tests wait, work continues automatically');
    expect(sentence({ pace, workers: [] })).toBe('No worker is connected: 3,796 tests wait for npm start');
  });

  it('says that the API does not answer, since when and why, when the next request is due, and what to do', () => {
    const outage = {
      cause: 'outage',
      why: '5 requests in a row failed',
      since: at(-12),
      next_probe_at: at(3),
    } as const;
    const pace = { ...working.pace, circuit: outage };
    expect(sentence({ pace })).toBe(
      'The Results API has not answered since 11:48: 5 requests in a row failed; 3,796 tests wait, ' +
        'one request asks at 12:03:00; npm run doctor checks the way to the API',
    );
    expect(sentence({ pace: { ...pace, circuit: { ...outage, next_probe_at: at(-1) } } })).toContain(
      'one request is due;',
    );
    expect(sentence({ pace: { ...pace, circuit: { ...outage, cause: 'controls' } } })).toMatch(
      /^The Results API has not known its own tests since 11:48: /,
    );
    expect(sentence({ ...done, pace })).toBe('Done: nothing is waiting');
  });

  it('ignores a pause that is over', () => {
    expect(sentence({ pace: { ...working.pace, limited_until: at(-1) } })).toMatch(/^Working/);
  });

  it('says before all else that the API refuses tokens', () => {
    expect(sentence({ workers: [], pace: { ...working.pace, held: 'auth' } })).toBe(
      'The API refuses new tokens: npm run doctor says why',
    );
    expect(sentence({ pace: { ...working.pace, held: 'by hand' } })).toBe('The queue is held: by hand');
  });

  it('after the run says that nothing is waiting, and whether there were errors', () => {
    expect(sentence(done)).toBe('Done: nothing is waiting');
    expect(sentence({ ...done, errors: { total: 3, by_type: {}, recent: [] } })).toBe(
      'Done, with 3 errors: nothing is waiting; try again with npm run retry',
    );
  });

  it('after a run in which every test was answered 404 says that nothing confirms the types', () => {
    expect(sentence({ ...done, tests: { ...done.tests, unconfirmed: 12 } })).toBe(
      'Done, but every test was answered 404: nothing confirms that 12 tests are ClassicUT; ' +
        'npm run doctor checks the way to the API',
    );
  });

  it('before the first run says how to begin', () => {
    const tests = { total: 0, classified: 0, undecided: 0, open: 0, errors: 0, unlisted: 0, ...sure };
    expect(sentence({ in_use: false, tests, runs: [] })).toBe('Nothing here yet: npm start begins');
  });
});

const fresh = { at: '2026-03-03T12:31:06.000Z', stale: false };

it('nothing is said while the figures are fresh', () => {
  expect(staleText(null, null)).toBe('');
  expect(staleText(null, fresh)).toBe('');
});

it('old figures are said to be old, with the reason and their time', () => {
  const from = / What is shown is from 2026-03-\d\d \d\d:\d\d:06\.$/;
  expect(staleText(null, { ...fresh, stale: true })).toMatch(/^Redis does not answer, trying again\./);
  expect(staleText(null, { ...fresh, stale: true })).toMatch(from);
  expect(staleText({ status: null, message: 'x' }, fresh)).toMatch(/^Connection lost, trying again\./);
  expect(staleText({ status: 503, message: 'The tests are being read.' }, fresh)).toMatch(
    /^The tests are being read\./,
  );
  expect(staleText({ status: null, message: 'x' }, null)).toBe('Connection lost, trying again.');
});

import { describe, expect, it } from 'vitest';
import { type HealthFacts, healthOf, healthText } from './health.ts';

const now = new Date(2026, 2, 3, 12, 0, 0).getTime();
const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();
const run = { shared: 0, outcomes: {}, selected: 5_000, open: 3_796, listed: true, finished_at: null };
const pace = {
  interval_ms: 6_050,
  limited_until: null,
  cause: null,
  held: null,
  held_since: null,
  circuit: null,
  last_request_at: at(0),
};
const working: HealthFacts = {
  tests: { total: 5_000, open: 3_796, unconfirmed: 0 },
  errors: { total: 0 },
  runs: [run],
  workers: [{}],
  pace,
  left: { ms: 7 * 3_600_000, ends_at: at(7 * 60) },
};
const done = { tests: { ...working.tests, open: 0 }, runs: [{ ...run, open: 0, finished_at: at(0) }] };
const says = (more: Partial<HealthFacts>): string => healthText(healthOf({ ...working, ...more }, now));

describe('the health of an account', () => {
  it('during a run says how far it is, how long it takes and when it ends', () => {
    expect(says({})).toBe('Working: 1,204 of 5,000 tests done, about 7 h 00 min left, ends 19:00:00');
  });

  it('counts a test once that two runs wait for, and no error as done', () => {
    const two = [
      { ...run, open: 3_786, outcomes: { error: 10 } },
      { ...run, selected: 100, shared: 100, open: 100 },
    ];
    const tests = { ...working.tests, open: 3_786 };
    expect(says({ runs: two, tests, errors: { total: 10 } })).toContain('1,204 of 5,000 tests done, 10 errors, about');
  });

  it('promises no end while the listing is not complete, and asks whether anybody lists', () => {
    expect(says({ runs: [{ ...run, listed: false }] })).toContain('5,000 tests done, still listing');
    const listing = { ...done, runs: [{ ...run, open: 0, listed: false }] };
    expect(says(listing)).toBe('Listing: 5,000 tests found so far');
    expect(says({ ...listing, workers: [] })).toBe(
      'The listing is not complete: 5,000 tests found so far, no worker is connected; ' +
        'npm start continues if the listing was interrupted',
    );
  });

  it('says that there is no worker, and since when nothing was asked, before it says that the API pauses', () => {
    const paused = { ...pace, limited_until: at(31), cause: 'refused' } as const;
    expect(says({ pace: paused })).toBe(
      'Limited by the API (429) until 12:31:00: 3,796 tests wait, work continues automatically',
    );
    expect(says({ pace: { ...paused, last_request_at: at(-12) }, workers: [] })).toBe(
      'No worker is connected, no request since 11:48:00 (12 min): 3,796 tests wait; npm start continues',
    );
    expect(says({ pace: { ...pace, limited_until: at(-1) } })).toMatch(/^Working/);
  });

  it('does not call it work when no request was sent for long', () => {
    expect(says({ pace: { ...pace, last_request_at: at(-12) } })).toBe(
      'No request since 11:48:00 (12 min): 3,796 tests wait, although a worker is connected; npm run doctor says what is wrong',
    );
    expect(says({ pace: { ...pace, last_request_at: at(-12), interval_ms: 600_000 } })).toMatch(/^Working/);
    expect(says({ pace: { ...pace, last_request_at: null } })).toMatch(/^Working/);
  });

  it('says that the API does not answer, since when and why, when the next request is due, and what to do', () => {
    const circuit = { cause: 'outage', why: '5 failed. Try later.', since: at(-12), next_probe_at: at(3) } as const;
    expect(says({ pace: { ...pace, circuit } })).toBe(
      'The Results API has not answered since 11:48:00 (5 failed): 3,796 tests wait, no requests except one at ' +
        '12:03:00; see whether network, proxy and API are up; work continues automatically; ' +
        'npm run doctor checks the way to the API',
    );
    expect(says({ pace: { ...pace, circuit: { ...circuit, next_probe_at: at(-1) } } })).toContain(
      'one, which is due now',
    );
    expect(says({ pace: { ...pace, circuit: { ...circuit, cause: 'controls' } } })).toMatch(
      /^5 failed: everything has waited since 11:48:00: /,
    );
    expect(says({ ...done, pace: { ...pace, circuit } })).toBe('Done: nothing is waiting');
  });

  it('names the reason why open tests wait, and none for work, a pause or a done account', () => {
    const stall = (more: Partial<HealthFacts>) => healthOf({ ...working, ...more }, now).stall;
    const circuit = { cause: 'outage', why: '5 failed. Try later.', since: at(-12), next_probe_at: at(3) } as const;
    const silent = { ...pace, last_request_at: at(-12) };
    expect(stall({ workers: [], pace: { ...silent, held: 'auth', circuit } })).toBe('held');
    expect(stall({ workers: [], pace: { ...silent, circuit } })).toBe('no_worker');
    expect(stall({ pace: { ...silent, circuit } })).toBe('circuit');
    expect(stall({ pace: silent })).toBe('no_request');
    const paused = { ...silent, limited_until: at(31), cause: 'refused' } as const;
    for (const more of [{}, { pace: paused }, done]) expect(stall(more)).toBeUndefined();
  });

  it('says before all else that the API refuses tokens, and since when', () => {
    expect(says({ workers: [], pace: { ...pace, held: 'auth', held_since: at(-12) } })).toBe(
      'The API refuses new access tokens, since 11:48:00 (12 min): all work waits; check the credentials, ' +
        'then start again; npm run doctor says what is wrong',
    );
    expect(says({ pace: { ...pace, held: 'by hand' } })).toMatch(
      /^The queue is held \(by hand\): all work waits; npm start/,
    );
  });

  it('of no tests says how to begin, also when all were forgotten', () => {
    const none = { tests: { total: 0, open: 0, unconfirmed: 0 } };
    for (const runs of [[], done.runs]) expect(says({ ...none, runs })).toBe('Nothing here yet: npm start begins');
    expect(says({ ...none, runs: [{ ...run, open: 0, listed: false }] })).toBe('Listing: 0 tests found so far');
  });

  it('after a run says that nothing is waiting, and whether there were errors or only 404s', () => {
    expect(says(done)).toBe('Done: nothing is waiting');
    expect(says({ ...done, errors: { total: 3 } })).toBe(
      'Done, with 3 errors: nothing is waiting; npm run retry tries them again',
    );
    expect(says({ ...done, tests: { ...done.tests, unconfirmed: 12 } })).toBe(
      'Done, but every test was answered 404: nothing confirms that 12 tests are ClassicUT; ' +
        'npm run doctor checks the way to the API',
    );
  });

  it('before the first run says how to begin', () => {
    expect(says({ tests: { total: 0, open: 0, unconfirmed: 0 }, runs: [] })).toBe('Nothing here yet: npm start begins');
  });
});

import type { OpenCircuit } from '@inventory/queue';
import type { Status } from '@inventory/status';
import { describe, expect, it } from 'vitest';
import { pastRunLine, runLine, statusLines } from './status-report.ts';

const now = new Date(2026, 0, 2, 12, 0, 0).getTime();
const worker = { role: 'worker', host: 'h', pid: 7, slots: 6, intervalMs: 6050, seenAt: now - 2_000 };
const facts: Status = {
  redis: 'redis://h:6379/0',
  prefix: '{p}',
  inUse: true,
  totals: {
    tests: 10,
    undecided: 3,
    byCategory: { survey: 4, ClassicUT: 3 },
    byRule: {},
    errors: 1,
    open: 2,
    provisional: 0,
    provisionalFrom: null,
    unconfirmed: 0,
    rules: 'tutorial',
  },
  runs: [],
  history: [],
  forecast: { requests: { low: 2, expected: 5, high: 8 }, ms: 60_000 },
  pace: {
    now,
    processes: [worker],
    intervalMs: 6050,
    pause: null,
    held: null,
    heldSince: null,
    circuit: null,
    starts: [now - 4_000],
  },
  tokenExpiresAt: now + 11 * 60_000,
  lastVerdictAt: now - 40_000,
  schedules: [],
  sent: { requests: 0, throttled: 0 },
  errorsByType: { network_error: 1 },
  recentErrors: [{ key: 'u', type: 'network_error', error: 'gone', at: now - 1_000 }],
};
const text = (more: Partial<Status> = {}): string => statusLines({ ...facts, ...more }).join('\n');

describe('status', () => {
  it('counts by type, and says how many have no verdict', () => {
    expect(text()).toMatch(/4 {2}survey[\s\S]*3 {2}ClassicUT[\s\S]*3 {2}without a verdict/);
  });

  it('does not count tests in the queue among those without a verdict: some are probed again', () => {
    expect(text({ totals: { ...facts.totals, open: 5 } })).toMatch(/3 {2}without a verdict\n +5 {2}in the queue/);
  });

  it('while tests are undecided it gives the coverage of the UTZ tests so far, with their number beside it', () => {
    const { totals } = facts;
    const byCategory = { survey: 9, 'no sessions': 1, ClassicUT: 3 };
    expect(text({ totals: { ...totals, byCategory, undecided: 1_000 } })).toContain(
      'Coverage     90 % so far: 9 of 10 UTZ tests with a test type, 1,000 tests undecided',
    );
    expect(text({ totals: { ...totals, byCategory, undecided: 0 } })).toContain(
      'Coverage     90 %: 9 of 10 UTZ tests with a test type\n',
    );
    expect(text({ totals: { ...totals, byCategory: { ClassicUT: 7 } } })).not.toContain('Coverage');
  });

  it('says how much is left and until when', () => {
    expect(text()).toContain('about 5 requests (2 to 8), 60 s, until 12:01:00');
  });

  it('says by which rules tests are probed', () => {
    expect(text()).toMatch(/Rules +tutorial\n/);
    expect(text({ totals: { ...facts.totals, rules: 'media-matrix' } })).toMatch(/Rules +media-matrix, chosen by/);
  });

  it('promises no time without a worker', () => {
    const pace = { ...facts.pace, processes: [] };
    expect(text({ pace })).toMatch(/60 s once a worker is connected[\s\S]*no worker is connected/);
    expect(text({ pace })).toMatch(/State +\[FAIL\] No worker is connected, no request since 11:59:56 \(4 s\)/);
  });

  it('says until when and why everything pauses', () => {
    const pace = { ...facts.pace, pause: { until: now + 31_000, cause: 'refused' as const } };
    expect(text({ pace })).toContain('[WARN] Limited by the API (429) until 12:00:31: 2 tests wait');
    expect(text({ pace })).toContain('until 12:01:31');
  });

  it('says what the account is doing, or what keeps it from that, and what to do', () => {
    expect(text()).toMatch(/State +Working: 0 of 0 tests done/);
    const pace = { ...facts.pace, held: 'auth', heldSince: now - 720_000 };
    expect(text({ pace })).toMatch(
      /State +\[FAIL\] The API refuses new access tokens, since 11:48:00 \(12 min\): .*credentials.*npm run doctor/,
    );
  });

  it('says when the next scheduled run begins, or that nobody keeps the schedule any more', () => {
    const schedule = { selection: 'all', pattern: '0 2 * * *', timeZone: 'UTC', nextAt: now + 7_200_000, seenAt: now };
    expect(text({ schedules: [schedule] })).toMatch(
      /Next run +14:00:00, in 2 h 00 min \(all workspaces, 0 2 \* \* \* UTC\)/,
    );
    expect(text({ schedules: [{ ...schedule, nextAt: null }] })).toContain('[WARN] none: the process that kept');
  });

  it('says since when the API does not answer, why, when the next request is sent, what to do, and promises no end', () => {
    const outage = {
      cause: 'outage',
      why: 'down',
      since: now - 720_000,
      nextProbeAt: now + 60_000,
      failed: 0,
    } as const;
    const open = (circuit: OpenCircuit): string => text({ pace: { ...facts.pace, circuit } });
    expect(open(outage)).toContain('[WARN] The Results API has not answered since 11:48:00 (down): 2 tests wait');
    expect(open(outage)).toMatch(/no requests except one at 12:01:00; see whether .*; work continues automatically/);
    expect(open(outage)).toContain('60 s once the Results API answers again');
    expect(open(outage)).not.toMatch(/, until 12/);
    expect(open({ ...outage, nextProbeAt: now })).toContain('one, which is due now');
    expect(open({ ...outage, cause: 'controls' })).toContain('[FAIL] Down: everything has waited since 11:48:00: ');
  });

  it('says how many verdicts are not final, and what happens to them', () => {
    expect(text()).not.toContain('Not final');
    const totals = { ...facts.totals, provisional: 3, provisionalFrom: now + 3_600_000, unconfirmed: 1 };
    expect(text({ totals })).toMatch(
      /Not final +3 verdicts provisional: probed again by runs after 13:00:00\n +\[WARN\] 1 verdict unconfirmed: .*404/,
    );
  });

  it('says when the token expires, or that it has', () => {
    expect(text()).toContain('expires in 11 min, at 12:11:00');
    expect(text({ tokenExpiresAt: now - 1 })).toContain('expired at');
    expect(text({ tokenExpiresAt: null })).toContain('none known');
  });

  it('says how long ago the last verdict was, and the last errors', () => {
    expect(text()).toMatch(/Last verdict +40 s ago/);
    expect(text()).toContain('11:59:59 u: gone');
  });
});

describe('a run', () => {
  const run = { id: '1', selection: 'all', startedAt: now, listed: true, selected: 1234, open: 0, outcomes: {} };
  it.each([
    [{ open: 34 }, 'all workspaces, started 12:00:00: 1,200 of 1,234 tests done'],
    [{ open: 34, listed: false }, /1,200 of 1,234 tests done, listing not complete yet$/],
    [{ endedAt: now }, /all 1,234 tests done, ended 12:00:00$/],
    [{ open: 34, outcomes: { error: 4 } }, /1,196 of 1,234 tests done, 4 errors$/],
    [{ endedAt: now, outcomes: { error: 4 } }, /1,230 of 1,234 tests done, 4 errors, ended 12:00:00$/],
    [{ selection: 'retry' }, /^retry of errors/],
    [{ selection: 'reclassify' }, /^reclassification/],
    [{ selection: 'audit 50 7' }, /^audit, started/],
    [{ selection: 'a,b' }, /^2 workspaces/],
  ])('with %j is shown in one line', (more, line) => {
    expect(runLine({ ...run, ...more }, now)).toMatch(line);
  });

  it.each([
    [
      { finishedAt: now + 60_000, verified: true },
      '12:00:00 to 12:01:00, all workspaces: 120 tests, 100 surveys, 20 errors',
    ],
    [{ verified: true }, 'files passed'],
    [{ verified: false }, 'files did not pass: npm run verify'],
    [{ changes: { new: 2, type_changed: 1 } }, '20 errors; 2 new tests, 1 with another type (1)'],
    [{}, '20 errors (1)'],
  ])('that is over, with %j, is shown in one line', (more, line) => {
    expect(pastRunLine({ ...run, selected: 120, outcomes: { error: 20, survey: 100 }, ...more }, now)).toContain(line);
  });
});

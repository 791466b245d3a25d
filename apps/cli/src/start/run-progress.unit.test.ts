import { describe, expect, it } from 'vitest';
import { isComplete, type Moment, outcomeLine, RunProgress } from './run-progress.ts';

const probed = { source: 'probed', at: 0 } as const;

describe('the line for a finished test', () => {
  it.each([
    [{ category: 'survey', rule: 'no-other-data' }, 'UTZ 200: u → survey (no other data available)'],
    [{ category: 'interaction test', rule: 'has-video' }, 'UTZ 200: u → interaction test (video available)'],
    [{ category: 'ClassicUT', rule: 'sessions-not-found' }, 'ClassicUT 404: u'],
    [{ category: 'no sessions', rule: 'no-sessions-yet' }, 'UTZ 200: u (no sessions)'],
  ] as const)('%j reads like in the tutorial', (verdict, line) => {
    expect(outcomeLine({ uuid: 'u', verdict: { ...verdict, ...probed } }, '12/345')).toBe(`[12/345] ${line}`);
  });

  it('an error says what kind it is and why', () => {
    const error = {
      status: 500,
      status_code: 500,
      type: 'unclassified_error',
      error: 'gone wrong',
      body: null,
      attempts: 6,
      at: 0,
    } as const;
    expect(outcomeLine({ uuid: 'u', error }, '1/1')).toBe('[1/1] [WARN] u: unclassified_error (gone wrong)');
  });
});

const survey = { uuid: 'u', verdict: { category: 'survey', rule: 'no-other-data', ...probed } } as const;
const moment = ({ open = 4, ...more }: Partial<Moment> & { readonly open?: number } = {}): Moment => ({
  run: { id: '1', selection: 'all', startedAt: 0, listed: true, selected: 4, open, outcomes: {} },
  listed: true,
  totals: {
    tests: 4,
    undecided: 4,
    byCategory: {},
    byRule: {},
    errors: 0,
    open: 4,
    provisional: 0,
    provisionalFrom: null,
    unconfirmed: 0,
    rules: 'tutorial',
  },
  pace: { now: 0, processes: [], intervalMs: 1, pause: null, held: null, heldSince: null, circuit: null, starts: [] },
  outcomes: [],
  refused: false,
  behind: false,
  sent: { requests: 7, throttled: 2 },
  workspace: 'Checkout',
  ...more,
});

describe('the progress of a run', () => {
  const places = (lines: readonly string[]): string[] => lines.map((line) => line.split(' ')[0] ?? '');

  it('numbers finished tests, from where an interrupted run was', () => {
    const progress = new RunProgress();
    expect(places(progress.see(moment({ open: 1, outcomes: [survey] }), 0).lines)).toEqual(['[3/4]']);
    expect(places(progress.see(moment({ open: 0, outcomes: [survey] }), 0).lines)).toEqual(['[4/4]']);
  });

  it('shows tests again whose verdicts were taken back', () => {
    const progress = new RunProgress();
    progress.see(moment({ open: 2, outcomes: [survey, survey] }), 0);
    expect(places(progress.see(moment({ open: 4 }), 0).lines)).toEqual([]);
    expect(places(progress.see(moment({ open: 3, outcomes: [survey] }), 0).lines)).toEqual(['[1/4]']);
  });

  it('announces a pause once', () => {
    const progress = new RunProgress();
    const paused = moment({
      pace: { ...moment().pace, pause: { until: 9_000, cause: 'refused' as const } },
    });
    expect(progress.see(paused, 0).notices).toEqual([expect.stringMatching(/429.*pausing for 9 s, until/)]);
    expect(progress.see(paused, 0).notices).toEqual([]);
  });

  it('counts the pauses that follow within ten minutes, and says them with the next one', () => {
    const progress = new RunProgress();
    const said = (at: number, cause: 'refused' | 'unavailable' = 'refused') => {
      const pause = { until: at + 9_000, cause };
      return progress.see(moment({ pace: { ...moment().pace, now: at, pause } }), at).notices;
    };
    expect(said(0)).toHaveLength(1);
    expect([...said(20_000), ...said(40_000)]).toEqual([]);
    expect(said(601_000)).toEqual([expect.stringMatching(/pausing for 9 s, until .*\(2 more pauses since /)]);
    expect(said(620_000, 'unavailable')).toEqual([expect.stringMatching(/503.*pausing for 9 s, until [^(]*$/)]);
  });

  it('says how long it takes, what was sent, and where it is', () => {
    const now = new Date(2026, 10, 24, 10, 30).getTime();
    const pace = { ...moment().pace, intervalMs: 162_000 };
    const { state } = new RunProgress().see(moment({ pace, listed: false }), now);
    expect(state.left).toEqual(['still listing', '27 min left (ends about 10:57)', '~10 requests to go']);
    expect(state.soFar).toEqual(['7 requests', '0 errors', '2 × 429', 'now in Checkout']);
    const start = new RunProgress().see(moment({ open: 0, listed: false }), now);
    expect(start.state.left).toEqual(['still listing']);
    const soon = new RunProgress().see(moment({ pace: { ...pace, intervalMs: 1_000 } }), now);
    expect(soon.state.left[0]).toBe('10 s left (ends about 10:30:10)');
  });

  it('waits for the tests of other runs that are in the queue before its own, not for those behind', () => {
    const progress = new RunProgress();
    const left = (open: number) => {
      const { totals, pace } = moment();
      const seen = moment({ totals: { ...totals, open }, pace: { ...pace, intervalMs: 60_000 } });
      return progress.see(seen, 0).state.left;
    };
    expect(left(14)).toEqual([expect.stringMatching(/^35 min left/), '~10 requests to go']);
    expect(left(40)[0]).toMatch(/^35 min left/);
    expect(left(4)[0]).toMatch(/^10 min left/);
    expect(left(40)[0]).toMatch(/^10 min left/);
  });

  it('is complete when all workspaces are listed, no test is open and all outcomes are shown', () => {
    expect(isComplete(moment({ open: 0 }))).toBe(true);
    for (const more of [{ open: 1 }, { open: 0, listed: false }, { open: 0, behind: true }]) {
      expect(isComplete(moment(more))).toBe(false);
    }
  });

  it('gives up when the queue is held for new tokens, and when a test has met nothing but 429 for an hour', () => {
    const progress = new RunProgress();
    const giveUp = (more: Partial<Moment>) => () => progress.giveUpIfStuck(moment(more));
    expect(giveUp({})).not.toThrow();
    expect(giveUp({ pace: { ...moment().pace, held: 'auth' } })).toThrow(/refuses new access tokens/);
    expect(giveUp({ refused: true })).toThrow(/nothing but 429/);
  });
});

import { describe, expect, it } from 'vitest';
import { droppedSession } from './evidence.ts';
import { requestForecast } from './forecast.ts';
import { tutorialRules } from './rule-sets.ts';

const absent = { outcome: 'absent', at: 1 } as const;

describe('how many requests a test still takes', () => {
  it('a test nobody asked about takes one to four', () => {
    expect(requestForecast({}, {}, tutorialRules)).toMatchObject({ low: 1, high: 4 });
  });

  it('what is likely follows the mix of rules that decided so far', () => {
    const classic = requestForecast({}, { 'sessions-not-found': 9_994 }, tutorialRules);
    const surveys = requestForecast({}, { 'no-other-data': 9_994 }, tutorialRules);
    expect(classic.expected).toBeCloseTo(1, 1);
    expect(surveys.expected).toBeCloseTo(4, 1);
  });

  it('answers that are there already are not counted again', () => {
    const evidence = { sessions: { outcome: 'present', at: 1, sessionId: 's' }, video: absent, qx: absent } as const;
    expect(requestForecast(evidence, {}, tutorialRules)).toEqual({ low: 1, expected: 1, high: 1 });
  });

  it('a session whose id was dropped is asked for once more', () => {
    const sessions = { outcome: 'present', at: 1, sessionId: droppedSession } as const;
    const evidence = { sessions, video: absent, qx: absent };
    expect(requestForecast(evidence, {}, tutorialRules)).toEqual({ low: 1, expected: 2, high: 2 });
  });

  it('a test with all answers takes none', () => {
    const all = { sessions: absent, video: absent, qx: absent, transcript: absent };
    expect(requestForecast(all, {}, tutorialRules)).toEqual({ low: 0, expected: 0, high: 0 });
  });
});

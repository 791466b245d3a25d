import { describe, expect, it } from 'vitest';
import { outcomeLine } from './outcome-line.ts';

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

import { expect, it } from 'vitest';
import { cronProblem } from './schedule.ts';

it.each(['0 2 * * *', '*/15 8-18 * * MON-FRI', '30 0 2 * * *', '0 2 L * *', '@daily'])(
  '%j is a schedule',
  (pattern) => {
    expect(cronProblem(pattern)).toBeNull();
  },
);

it.each([
  ['', '1 of 5 fields'],
  ['2', '1 of 5 fields'],
  ['0 2', '2 of 5 fields'],
  ['0 0 0 2 * * *', '7 of 5 fields'],
  ['61 * * * *', '0-59'],
  ['0 2 * * 8', '0-7'],
  ['every day at two o’clock', 'Invalid characters'],
  ['@reboot', 'alias'],
])('%j is none, and the problem says why: %s', (pattern, why) => {
  expect(cronProblem(pattern)).toContain(why);
});

it('a day that never comes is no schedule', () => {
  expect(cronProblem('0 0 30 2 *')).not.toBeNull();
});

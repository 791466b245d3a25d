import { expect, it } from 'vitest';
import { errorFacts } from './errors.ts';

it('errors are counted by type, and the latest five are shown, the latest first', () => {
  const times = [30, 70, 10, 60, 20, 50, 40];
  const errors = times.map((at) => {
    const type = at > 50 ? ('network_error' as const) : ('auth_error' as const);
    return [`test ${at}`, { type, error: `said at ${at}`, at }] as const;
  });
  const { errorsByType, recentErrors } = errorFacts(errors);
  expect(errorsByType).toEqual({ network_error: 2, auth_error: 5 });
  expect(recentErrors.map(({ at }) => at)).toEqual([70, 60, 50, 40, 30]);
  expect(errorFacts([])).toEqual({ errorsByType: {}, recentErrors: [] });
});

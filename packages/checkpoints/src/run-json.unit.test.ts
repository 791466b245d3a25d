import { expect, it } from 'vitest';
import { runJson } from './run-json.ts';

it('what a clock that was set back, or a lost sum, leaves unknown is null, not negative', () => {
  const before = { requests: 9, throttled: 1 };
  const run = { id: '5', selection: 'all', startedAt: 5, listed: true, selected: 1, open: 0, outcomes: {}, before };
  expect(runJson({ ...run, endedAt: 2 })).toMatchObject({ duration_ms: null, requests: null });
  const sent = { requests: 3, throttled: 1 };
  expect(runJson({ ...run, open: 1 }, sent)).toMatchObject({ duration_ms: null, requests: null, throttled: 0 });
});

import { expect, it } from 'vitest';
import { bucketOf } from './duration-buckets.ts';
import { WorkCounts } from './work-counts.ts';

it('what was taken is not given out again, and what comes after it is', () => {
  const counts = new WorkCounts();
  expect(counts.take()).toBeNull();
  counts.requestEnded({ probe: 'qx', status: 404, ms: 70.0004 });
  counts.requestEnded({ probe: 'qx', status: 404, ms: 30 });
  counts.stepRetried('qx', 'network_error');
  counts.errorRecorded('auth_error');
  counts.limited({ from: 5, ms: 7 });
  expect(counts.take()).toEqual({
    increments: {
      'requests|qx|404': 2,
      'bucket|qx|0.05': 1,
      'bucket|qx|0.1': 1,
      'microseconds|qx': 100_000,
      'retries|qx|network_error': 1,
      'errors|auth_error': 1,
    },
    pauses: [{ from: 5, ms: 7 }],
  });
  expect(counts.take()).toBeNull();
  counts.errorRecorded('auth_error');
  expect(counts.take()).toEqual({ increments: { 'errors|auth_error': 1 }, pauses: [] });
});

it('a duration belongs to the first bound that it does not exceed', () => {
  expect([0, 0.05, 0.051, 30, 30.001].map(bucketOf)).toEqual(['0.05', '0.05', '0.1', '30', '+Inf']);
});

import { expect, it } from 'vitest';
import { latencyMs } from './handle-request.ts';

const half = () => 0.5;

it('answers after a latency that is the same for every endpoint, or one for each, or taken from a range', () => {
  expect(latencyMs(50, 'token', half)).toBe(50);
  expect(latencyMs([20, 40], 'token', half)).toBe(30);
  const latency = { token: 5, listing: [0, 10] as const };
  expect([latencyMs(latency, 'token', half), latencyMs(latency, 'listing', half)]).toEqual([5, 5]);
  expect(latencyMs(latency, 'qxScores', half)).toBe(0);
});

import { expect, it } from 'vitest';
import { type Arrival, requestLog, requestStatistics, resultsSpacings } from './request-log.ts';

const arrival = (change: Partial<Arrival>): Arrival => ({
  at: 0,
  endpoint: 'sessionResults',
  method: 'GET',
  path: '/',
  workspaceUuid: null,
  testUuid: null,
  sessionId: null,
  ...change,
});

it('counts by endpoint and status, and takes the four Results endpoints together for spacings', () => {
  const log = requestLog();
  Object.assign(log.open(arrival({ at: 5, endpoint: 'token' })), { status: 200, endedAt: 6 });
  Object.assign(log.open(arrival({ at: 10, testUuid: 'a' })), { status: 429, endedAt: 40 });
  Object.assign(log.open(arrival({ at: 30, endpoint: 'qxScores', testUuid: 'a' })), { status: 404, endedAt: 35 });
  Object.assign(log.open(arrival({ at: 40, testUuid: 'a' })), { status: 'reset', endedAt: 41 });
  expect(requestStatistics(log.all())).toEqual({
    byEndpoint: { token: 1, sessionResults: 2, qxScores: 1 },
    results: { count: 3, throttled: 1, repeated: 1 },
  });
  expect(resultsSpacings(log.all())).toEqual([20, 10]);
});

it('keeps counting over a reset of the log and ignores what belongs to requests from before', () => {
  const log = requestLog();
  const before = log.open(arrival({}));
  log.reset();
  before.status = 200;
  log.open(arrival({})).status = 404;
  expect(log.all().map(({ number, status }) => [number, status])).toEqual([[2, 404]]);
});

import { randomUUID } from 'node:crypto';
import { Keyspace } from '@inventory/redis';
import { Redis } from 'ioredis';
import { expect, inject, it, onTestFinished } from 'vitest';
import { recordedLogger } from '../../../test/support/recorded-logger.ts';
import { readWorkTotals, WorkCounts } from './work-counts.ts';

/** A client, a prefix of its own, and the counts of any number of processes. */
function start() {
  const client = new Redis(inject('redisUrl'));
  onTestFinished(() => client.disconnect());
  const keyspace = new Keyspace(client, `{${randomUUID()}}`);
  const { logger, lines } = recordedLogger();
  const process = () => new WorkCounts(keyspace, logger);
  return { client, keyspace, lines, process, totals: () => readWorkTotals(keyspace) };
}

it('the counts of two processes add up', async () => {
  const { process, totals } = start();
  const [first, second] = [process(), process()];
  for (const counts of [first, second]) {
    counts.requestEnded({ probe: 'sessions', status: 200, ms: 40 });
    counts.requestEnded({ probe: 'sessions', status: 'network_error', ms: 31_000 });
    counts.stepRetried('sessions', 'network_error');
    counts.errorRecorded('auth_error');
  }
  first.requestEnded({ probe: 'video', status: 404, ms: 2_000 });
  await Promise.all([first.written(), second.written()]);
  const { requests, durations, retries, errors } = await totals();
  expect(requests).toHaveLength(3);
  expect(requests).toContainEqual({ probe: 'sessions', status: '200', count: 2 });
  expect(requests).toContainEqual({ probe: 'sessions', status: 'network_error', count: 2 });
  expect(requests).toContainEqual({ probe: 'video', status: '404', count: 1 });
  expect(retries).toEqual([{ probe: 'sessions', why: 'network_error', count: 2 }]);
  expect(errors).toEqual([{ type: 'auth_error', count: 2 }]);
  const sessions = durations.find(({ probe }) => probe === 'sessions');
  expect(sessions).toMatchObject({ count: 4, seconds: 62.08 });
  expect(sessions?.buckets.map(({ count }) => count)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2]);
});

it('a duration belongs to the first bound that it does not exceed', async () => {
  const { process, totals } = start();
  const counts = process();
  for (const ms of [0, 50, 51, 30_000, 30_001]) counts.requestEnded({ probe: 'qx', status: 200, ms });
  await counts.written();
  const [qx] = (await totals()).durations;
  expect(qx?.count).toBe(5);
  expect(qx?.buckets.map(({ count }) => count)).toEqual([2, 3, 3, 3, 3, 3, 3, 3, 4]);
});

it('a count is there before what is sent after it, also in a Redis that has just been started', async () => {
  const { client, keyspace, process } = start();
  // It knows no script.
  await client.script('FLUSH', 'SYNC');
  process().requestEnded({ probe: 'sessions', status: 200, ms: 40 });
  expect(await client.hget(keyspace.key('metrics'), 'requests|sessions|200')).toBe('1');
});

it('a count that Redis refuses is logged, and fails nobody', async () => {
  const { client, keyspace, lines, process } = start();
  await client.set(keyspace.key('metrics'), 'not a hash');
  const counts = process();
  counts.errorRecorded('auth_error');
  await counts.written();
  expect(lines).toEqual(['could not count for the metrics']);
});

it('a pause that several processes report counts once, and only as far as it is over', async () => {
  const { client, process, totals } = start();
  const [seconds] = await client.time();
  const now = Number(seconds) * 1000;
  const report = async (from: number, ms: number) => {
    const counts = process();
    counts.limited({ from: now + from, ms });
    await counts.written();
  };
  const limited = async () => (await totals()).limitedMs;
  expect(await limited()).toBe(0);
  await report(-100_000, 60_000);
  await report(-99_000, 59_000);
  expect(await limited()).toBe(60_000);
  await report(-60_000, 30_000);
  expect(await limited()).toBe(70_000);
  await report(-10_000, 3_600_000);
  const soFar = await limited();
  expect(soFar).toBeGreaterThanOrEqual(80_000);
  expect(soFar).toBeLessThan(200_000);
  await expect.poll(limited).toBeGreaterThan(soFar);
});

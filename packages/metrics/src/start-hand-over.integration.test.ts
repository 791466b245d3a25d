import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, inject, it, onTestFinished } from 'vitest';
import { startOwnRedis } from '../../../test/support/own-redis.ts';
import { recordedLogger } from '../../../test/support/recorded-logger.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { addBatch } from './add-batch.ts';
import { readWorkTotals } from './read-work-totals.ts';
import { type HandOver, startHandOver } from './start-hand-over.ts';
import { WorkCounts } from './work-counts.ts';

const everyMs = 10;

function connect(url: string = inject('redisUrl')): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on('error', () => undefined);
  onTestFinished(() => client.disconnect());
  return client;
}

/** What one process has: its counts, and their hand-over. */
function start(client: Redis, prefix: string): { counts: WorkCounts; handOver: HandOver; lines: string[] } {
  const counts = new WorkCounts();
  const { logger, lines } = recordedLogger();
  const handOver = startHandOver({ client, prefix, counts, logger, everyMs });
  onTestFinished(() => handOver.stop());
  return { counts, handOver, lines };
}

const errors = async (client: Redis, prefix: string) => (await readWorkTotals(client, prefix)).errors;

it('the counts of two processes add up', async () => {
  const [client, prefix] = [connect(), `{${randomUUID()}}`];
  const processes = [start(client, prefix), start(connect(), prefix)];
  for (const { counts } of processes) {
    counts.requestEnded({ probe: 'sessions', status: 200, ms: 40 });
    counts.requestEnded({ probe: 'sessions', status: 'network_error', ms: 31_000 });
    counts.stepRetried('sessions', 'network_error');
  }
  processes[0]?.counts.requestEnded({ probe: 'video', status: 404, ms: 2_000 });
  for (const { handOver } of processes) await handOver.stop();
  const { requests, durations, retries } = await readWorkTotals(client, prefix);
  expect(requests).toHaveLength(3);
  expect(requests).toContainEqual({ probe: 'sessions', status: '200', count: 2 });
  expect(requests).toContainEqual({ probe: 'sessions', status: 'network_error', count: 2 });
  expect(requests).toContainEqual({ probe: 'video', status: '404', count: 1 });
  expect(retries).toEqual([{ probe: 'sessions', why: 'network_error', count: 2 }]);
  const sessions = durations.find(({ probe }) => probe === 'sessions');
  expect(sessions).toMatchObject({ count: 4, seconds: 62.08 });
  expect(sessions?.buckets.map(({ count }) => count)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2]);
});

it('a Redis that dies with a batch on its way, and comes back, has each count once', async () => {
  const redis = await startOwnRedis(onTestFinished);
  const [client, prefix] = [connect(redis.url), '{own}'];
  const { counts } = start(client, prefix);
  for (let round = 1; round <= 3; round += 1) {
    redis.freeze();
    counts.errorRecorded('auth_error');
    await sleep(3 * everyMs);
    counts.errorRecorded('auth_error');
    await redis.kill();
    counts.errorRecorded('auth_error');
    await redis.start();
    await expect.poll(() => errors(client, prefix)).toEqual([{ type: 'auth_error', count: 3 * round }]);
  }
});

it('a batch whose confirmation is lost is not added twice', async () => {
  const [direct, prefix] = [connect(), `{${randomUUID()}}`];
  const lossy = await loseOneAnswer('evalsha', join(await temporaryFolder(onTestFinished), 'lossy.sock'));
  await addBatch(direct, prefix, { process: 'x', number: 1, batch: { increments: {}, pauses: [] } });
  const { counts, handOver } = start(connect(lossy.url), prefix);
  counts.errorRecorded('auth_error');
  await expect.poll(lossy.asked).toBe(2);
  await handOver.stop();
  expect(await errors(direct, prefix)).toEqual([{ type: 'auth_error', count: 1 }]);
});

it('a batch that Redis does not take is kept, said once, and taken later', async () => {
  const [client, prefix] = [connect(), `{${randomUUID()}}`];
  await client.set(`${prefix}:metrics`, 'not a hash');
  const { counts, lines } = start(client, prefix);
  counts.errorRecorded('auth_error');
  await expect.poll(() => lines).toHaveLength(1);
  counts.errorRecorded('auth_error');
  await client.del(`${prefix}:metrics`);
  await expect.poll(() => errors(client, prefix)).toEqual([{ type: 'auth_error', count: 2 }]);
  expect(lines).toEqual(['the counts for the metrics wait until Redis takes them']);
});

it('a stop does not wait for a Redis that is away', async () => {
  const redis = await startOwnRedis(onTestFinished);
  const { counts, handOver } = start(connect(redis.url), '{own}');
  await redis.kill();
  counts.errorRecorded('auth_error');
  await handOver.stop();
});

it('a pause that several processes tell of counts once, and only as far as it is over', async () => {
  const [client, prefix] = [connect(), `{${randomUUID()}}`];
  const [seconds] = await client.time();
  const now = Number(seconds) * 1000;
  const tell = (process: string, from: number, ms: number) =>
    addBatch(client, prefix, { process, number: 1, batch: { increments: {}, pauses: [{ from: now + from, ms }] } });
  const limited = async () => (await readWorkTotals(client, prefix)).limitedMs;
  expect(await limited()).toBe(0);
  await tell('a', -100_000, 60_000);
  await tell('b', -99_000, 59_000);
  expect(await limited()).toBe(60_000);
  await tell('c', -60_000, 30_000);
  expect(await limited()).toBe(70_000);
  await tell('d', -10_000, 3_600_000);
  const soFar = await limited();
  expect(soFar).toBeGreaterThanOrEqual(80_000);
  expect(soFar).toBeLessThan(200_000);
  await expect.poll(limited).toBeGreaterThan(soFar);
});

/** A way to the run's Redis on which the first answer to a command gets lost, together with the connection. */
async function loseOneAnswer(command: string, url: string): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((socket) => {
    const upstream = createConnection(inject('redisUrl'));
    let losing = false;
    socket.on('data', (chunk) => {
      if (chunk.toString().includes(command)) {
        asked += 1;
        losing = asked === 1;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (losing) socket.destroy();
      else socket.write(chunk);
    });
    socket.on('close', () => upstream.destroy()).on('error', () => undefined);
    upstream.on('close', () => socket.destroy()).on('error', () => undefined);
  });
  server.listen(url);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url, asked: () => asked };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggedRequest } from '@inventory/sandbox';
import { expect, it } from 'vitest';
import { answeringServer } from '../packages/usertesting/src/http/answering-server.test.ts';
import { libraryOf, openSystemBench, type SystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const patience = 60_000;

/** Waits for so many Results requests. */
async function requests(bench: SystemBench, count: number): Promise<void> {
  await until(`${count} requests`, () => bench.asked().length >= count, patience);
}

/** How many processes work on the queue. */
const atWork = ({ redis, prefix }: SystemBench): Promise<number> => redis.hlen(`${prefix}:processes`);

/** Waits until all tests have their outcome, and writes the files. */
async function finished(bench: SystemBench): Promise<void> {
  await until(
    'all tests have an outcome',
    async () => (await bench.redis.hlen(`${bench.prefix}:open`)) === 0,
    patience,
  );
  expect(await bench.launch('exporter', ['--once']).ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
}

it.concurrent.for(['sessionResults', 'videoDownloadUrl', 'qxScores', 'transcript'] as const)(
  'a worker killed while it asks for %s is taken over by another one, which repeats that request only',
  async (endpoint, { onTestFinished }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf('survey') },
      settings: { WORKER_SLOTS: '1' },
    });
    await bench.launch('producer', ['--all']).ended;
    bench.sandbox.faults.add({ kind: 'hang', endpoint, count: 1 });
    const first = bench.launch('worker');
    await until('the first request', () => bench.asked(undefined, endpoint).length === 1, patience);
    bench.launch('worker');
    await until('the other worker', async () => (await atWork(bench)) === 2, patience);
    first.kill('SIGKILL');
    const killedAt = Date.now();
    await until('the repeated request', () => bench.asked(undefined, endpoint).length === 2, patience);
    // Fifteen seconds, and what a busy machine adds.
    expect(Date.now() - killedAt).toBeLessThan(25_000);
    await finished(bench);
    expect(bench.asked()).toHaveLength(bench.least() + 1);
  },
);

it.concurrent('two producers at once enqueue every test once', async ({ onTestFinished }) => {
  const library = { seed: 6, tests: 60, workspaces: 3, sharedTests: 6 };
  const settings = { REQUEST_INTERVAL_MS: '0' };
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library }, settings });
  const producers = [1, 2].map(() => bench.launch('producer', ['--all']));
  for (const { ended } of producers) expect(await ended).toEndWith({ code: 0 });
  expect(await bench.redis.zcard(`${bench.prefix}:classify:prioritized`)).toBe(60);
  bench.launch('worker');
  await finished(bench);
  expect(bench.sandbox.statistics().results).toMatchObject({ count: bench.least(), repeated: 0 });
});

it.concurrent('a producer killed in the middle of a listing loses nothing, and the next one goes on', async ({
  onTestFinished,
}) => {
  const library = { seed: 8, tests: 160, workspaces: 1, mix: { classic: 1 } };
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library, latency: { listing: 300 } },
    settings: { REQUEST_INTERVAL_MS: '0' },
  });
  const producer = bench.launch('producer', ['--all']);
  const listings = (): readonly LoggedRequest[] =>
    bench.sandbox.requests().filter(({ endpoint }) => endpoint === 'listing');
  await until('the second page', () => listings().length >= 2, patience);
  producer.kill('SIGKILL');
  await producer.ended;
  bench.launch('worker');
  const next = await bench.launch('producer', ['--all']).ended;
  expect(next.stdout).toMatch(/Resuming the interrupted run|The previous run is not over yet/);
  await finished(bench);
  expect(bench.sandbox.statistics().results).toMatchObject({ count: 160, repeated: 0 });
});

it.concurrent('a producer that ends between saving a page and enqueuing it loses none of its tests', async ({
  onTestFinished,
}) => {
  const library = { seed: 8, tests: 40, workspaces: 1 };
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library } });
  const waiting = `${bench.prefix}:classify:prioritized`;
  await bench.redis.set(waiting, 'no place for jobs');
  const producer = await bench.launch('producer', ['--all']).ended;
  expect(producer).toEndWith({ code: 1 });
  expect(await bench.redis.hlen(`${bench.prefix}:open`)).toBe(40);
  await bench.redis.del(waiting);
  bench.launch('worker');
  await finished(bench);
  expect(bench.sandbox.statistics().results).toMatchObject({ count: bench.least(), repeated: 0 });
});

it.concurrent('SIGTERM lets the requests in flight end and gives their jobs back; the worker exits with 0 and nothing is asked twice', async ({
  expect,
  onTestFinished,
}) => {
  const library = { seed: 9, tests: 40, workspaces: 1 };
  const slots = 4;
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library, latency: 800 },
    settings: { WORKER_SLOTS: String(slots), REQUEST_INTERVAL_MS: '10' },
  });
  await bench.launch('producer', ['--all']).ended;
  for (const before of [0, 12, 24]) {
    const worker = bench.launch('worker');
    await requests(bench, before + slots);
    await expect
      .poll(() => bench.asked().filter(({ status }) => status === 'pending').length, { interval: 10 })
      .toBeGreaterThan(1);
    expect(await worker.stop()).toEndWith({ code: 0 });
    expect(bench.asked().every(({ status }) => typeof status === 'number')).toBe(true);
    expect(await bench.redis.llen(`${bench.prefix}:classify:active`)).toBe(0);
  }
  bench.sandbox.setLatency(0);
  bench.launch('worker');
  await finished(bench);
  expect(bench.sandbox.statistics().results).toMatchObject({ count: bench.least(), repeated: 0 });
});

it.concurrent('SIGTERM ends a worker whose request hangs when the time of that request is over', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: libraryOf('survey', 'survey') },
    settings: { REQUEST_TIMEOUT_MS: '1500' },
  });
  bench.sandbox.faults.add({ kind: 'hang', endpoint: 'results', count: 2 });
  await bench.launch('producer', ['--all']).ended;
  const worker = bench.launch('worker');
  await requests(bench, 2);
  expect(await worker.stop()).toEndWith({ code: 0 });
  expect(bench.asked()).toHaveLength(2);
  bench.launch('worker');
  await finished(bench);
});

it.concurrent.for(['SIGINT', 'SIGTERM'] as const)(
  'a second %s ends a worker with 130 at once, though a request hangs',
  async (signal, { onTestFinished }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library: libraryOf('survey') },
      settings: { REQUEST_TIMEOUT_MS: '600000' },
    });
    bench.sandbox.faults.add({ kind: 'hang', endpoint: 'results', count: 1 });
    await bench.launch('producer', ['--all']).ended;
    const worker = bench.launch('worker');
    await requests(bench, 1);
    worker.kill(signal);
    await sleep(200);
    expect(worker.isRunning(), 'it waits for the request').toBe(true);
    // More than one, as the system makes one of two that a busy process has not taken yet.
    const again = setInterval(() => worker.kill(signal), 200);
    expect(await worker.ended.finally(() => clearInterval(again))).toEndWith({ code: 130 });
    expect(bench.asked()).toHaveLength(1);
  },
);

it.concurrent('after an exporter was killed between a notification and its record, the next one sends it again under the same id, and loses nothing', async ({
  expect,
  onTestFinished,
}) => {
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: libraryOf('survey') } });
  // The first one has arrived, and its sender waits for the answer.
  const server = await answeringServer((response, _, nth) => void (nth > 0 && response.writeHead(204).end()));
  onTestFinished(() => server[Symbol.asyncDispose]());
  const notifying = { NOTIFY_URL: server.url };
  const first = bench.launch('exporter', [], notifying);
  await until('it watches', async () => (await bench.redis.exists(`${bench.prefix}:notified`)) === 1, patience);
  expect(await bench.start()).toEndWith({ code: 0 });
  await until('a notification', () => server.seen.length > 0, patience);
  first.kill('SIGKILL');
  expect(await first.ended).toEndWith({ signal: 'SIGKILL' });
  expect(await bench.start()).toEndWith({ code: 0 });
  // The thirty seconds for which the one that was killed keeps its lock.
  expect(await bench.redis.pexpire(`${bench.prefix}:notified:lock`, 1)).toBe(1);
  bench.launch('exporter', [], notifying);
  await until('three notifications', () => server.seen.length > 2, patience);
  const ids = server.seen.map(({ headers }) => headers['webhook-id']);
  expect(ids).toEqual([ids[0], ids[0], expect.stringMatching(/^run_ended:/)]);
  expect(ids[2]).not.toBe(ids[0]);
});

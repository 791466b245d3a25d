import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type OwnRedis, startOwnRedis } from './support/redis-servers.ts';
import { openSystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const patience = 60_000;
/** Longer than the locks of jobs live. */
const awayMs = 10_000;
const slots = 3;
const library = { seed: 13, tests: 60, workspaces: 3, sharedTests: 3, nasty: true };
const settings = { WORKER_SLOTS: String(slots), REQUEST_INTERVAL_MS: '40' };

const outages: readonly (readonly [
  how: string,
  begin: (redis: OwnRedis) => unknown,
  end: (redis: OwnRedis) => unknown,
])[] = [
  ['killed and started again', (redis) => redis.kill(), (redis) => redis.start()],
  ['frozen', (redis) => redis.freeze(), (redis) => redis.thaw()],
];

it.concurrent.for(outages)(
  'npm start goes on by itself after Redis was %s, ten seconds later; at most the requests in flight are repeated',
  async ([, begin, end], { onTestFinished }) => {
    const redis = await startOwnRedis(onTestFinished);
    const sandbox = { library, latency: [20, 120] as const };
    const bench = await openSystemBench({ afterTest: onTestFinished, sandbox, settings, redisUrl: redis.url });
    const program = bench.launch('cli', ['start', '--all']);
    await until('the middle of the run', () => bench.asked().length >= 50, patience);
    await begin(redis);
    await sleep(awayMs / 2);
    const during = bench.asked().length;
    await sleep(awayMs / 2);
    expect(bench.asked(), 'nobody asks anything without Redis').toHaveLength(during);
    expect(program.isRunning()).toBe(true);
    await end(redis);
    expect(await program.ended).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    expect(bench.asked().length - bench.least()).toBeLessThanOrEqual(slots);
  },
);

it.concurrent.for(outages)(
  'workers, exporter and producer go on by themselves after Redis was %s, ten seconds later',
  async ([, begin, end], { onTestFinished }) => {
    const redis = await startOwnRedis(onTestFinished);
    const sandbox = { library: { ...library, tests: 160, workspaces: 1, sharedTests: 0, mix: { classic: 1 } } };
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { ...sandbox, latency: { listing: 400, sessionResults: [20, 120] } },
      settings,
      redisUrl: redis.url,
    });
    const workers = [1, 2].map(() => bench.launch('worker'));
    const exporter = bench.launch('exporter');
    const producer = bench.launch('producer', ['--all']);
    const seen = (endpoint: string): boolean =>
      bench.sandbox.requests().some((request) => request.endpoint === endpoint);
    await until('the listing and some answers', () => seen('listing') && bench.asked().length >= 5, patience);
    await begin(redis);
    await sleep(awayMs);
    for (const program of [...workers, exporter]) expect(program.isRunning()).toBe(true);
    await end(redis);
    expect(await producer.ended).toEndWith({ code: 0 });
    await until(
      'the whole library',
      async () => (await bench.files().catch(() => null))?.classic.length === 160,
      patience,
    );
    for (const program of [...workers, exporter]) program.kill('SIGTERM');
    for (const program of [...workers, exporter]) expect(await program.ended).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    expect(bench.asked().length - bench.least()).toBeLessThanOrEqual(2 * slots);
  },
);

it.concurrent.for([
  ['worker', [], 130],
  ['cli', ['start', '--all'], 130],
  ['exporter', [], 1],
] as const)('%s ends on SIGTERM while Redis is away', async ([app, args, code], { onTestFinished }) => {
  const redis = await startOwnRedis(onTestFinished);
  const sandbox = { library, latency: { listing: 400, sessionResults: [20, 120] as const } };
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox, settings, redisUrl: redis.url });
  const program = bench.launch(app, args, { LOG_LEVEL: 'info' });
  const names = { worker: 'ready for tests', exporter: 'up to date', cli: 'Processing' };
  await program.said(names[app]);
  await redis.kill();
  await program.said('Lost the connection to Redis');
  expect(await program.stop()).toMatchObject({ code });
  expect(program.stderr()).toContain('Redis does not answer');
});

it.concurrent('producer ends on SIGTERM while a page that it was given waits for Redis', async ({ onTestFinished }) => {
  const redis = await startOwnRedis(onTestFinished);
  const sandbox = { library: { ...library, tests: 400, workspaces: 1, sharedTests: 0 }, latency: { listing: 2_000 } };
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox, settings, redisUrl: redis.url });
  const program = bench.launch('producer', ['--all']);
  const pages = (): number => bench.sandbox.requests().filter(({ endpoint }) => endpoint === 'listing').length;
  await until('the first page', async () => (await bench.redis.hlen(`${bench.prefix}:cursors`)) > 0, patience);
  await redis.kill();
  const before = pages();
  await until('the page after the one that waits', () => pages() > before, patience);
  expect(await program.stop()).toMatchObject({ code: 130 });
  expect(program.stderr()).toContain('Redis does not answer');
});

it.concurrent('Redis going away is said once and its return is said once', async ({ onTestFinished }) => {
  const redis = await startOwnRedis(onTestFinished);
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: { ...library, tests: 10 } },
    settings: { ...settings, LOG_LEVEL: 'info' },
    redisUrl: redis.url,
  });
  const worker = bench.launch('worker');
  await worker.said('ready for tests');
  await redis.kill();
  await worker.said('Lost the connection to Redis');
  await sleep(1_000);
  await redis.start();
  await worker.said('redis.sock is back.');
  expect(await bench.start()).toEndWith({ code: 0 });
  const { stderr } = worker;
  expect(stderr().match(/Lost the connection/g)).toHaveLength(1);
  expect(stderr().match(/redis\.sock is back/g)).toHaveLength(1);
  expect(await worker.stop()).toEndWith({ code: 0 });
});

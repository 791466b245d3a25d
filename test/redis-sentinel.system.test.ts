import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { leastRights, rightsOfInfo, startWatchedRedis } from './support/redis-fleets.ts';
import { openSystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const patience = 60_000;

it.concurrent('a fail-over in the middle of a run loses no test', async ({ onTestFinished }) => {
  const { master, url, masterPort } = await startWatchedRedis(onTestFinished);
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: { seed: 13, tests: 60, workspaces: 3, sharedTests: 3 }, latency: [20, 120] },
    redisUrl: master.url,
    settings: { REDIS_URL: url, WORKER_SLOTS: '3', REQUEST_INTERVAL_MS: '40', LOG_LEVEL: 'info' },
  });
  const worker = bench.launch('worker');
  await worker.said('ready for tests');
  const start = bench.launch('cli', ['start', '--all']);
  await until('the middle of the run', () => bench.asked().length >= 50, patience);
  await master.kill();
  await until('the Sentinels have another master', async () => (await masterPort()) !== master.port, patience);

  expect(await start.ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  const { code, stderr } = await worker.stop();
  expect(code).toBe(0);
  expect(stderr.match(/Lost the connection/g)).toHaveLength(1);
  expect(stderr.match(/main\/0 is back/g)).toHaveLength(1);
});

it.concurrent('a fail-over during a listing makes the producer wait, and no page of the listing is lost', async ({
  onTestFinished,
}) => {
  const { master, url, masterPort } = await startWatchedRedis(onTestFinished);
  const tests = 160;
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: { seed: 13, tests, workspaces: 1, mix: { classic: 1 } }, latency: { listing: 400 } },
    redisUrl: master.url,
    settings: { REDIS_URL: url, REQUEST_INTERVAL_MS: '40' },
  });
  const pages = () => bench.sandbox.requests().filter(({ endpoint }) => endpoint === 'listing').length;
  const [worker, exporter, producer] = [
    bench.launch('worker'),
    bench.launch('exporter'),
    bench.launch('producer', ['--all']),
  ];
  await until('the listing has begun', () => pages() >= 2, patience);
  await master.kill();
  const before = pages();
  await until('the Sentinels have another master', async () => (await masterPort()) !== master.port, patience);

  expect(await producer.ended).toEndWith({ code: 0 });
  expect(pages(), 'the listing was not over before').toBeGreaterThan(before + 1);
  await until('all tests', async () => (await bench.files().catch(() => null))?.classic.length === tests, patience);
  for (const program of [worker, exporter]) program.kill('SIGTERM');
  for (const program of [worker, exporter]) expect(await program.ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent('a user with few rights is enough for Sentinel, and for a fail-over', async ({ onTestFinished }) => {
  const { nodes, master, url, masterPort } = await startWatchedRedis(onTestFinished);
  const prefix = '{one-account}';
  for (const node of nodes) {
    const admin = new Redis(node.url);
    await admin.acl('SETUSER', 'inventory', 'on', '>geheim', ...leastRights(prefix), ...rightsOfInfo);
    admin.disconnect();
  }
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: { seed: 13, tests: 40, workspaces: 2 }, latency: [20, 120] },
    redisUrl: master.url,
    settings: { REDIS_URL: url.replace('//', '//inventory:geheim@'), QUEUE_PREFIX: prefix, REQUEST_INTERVAL_MS: '40' },
  });
  const start = bench.launch('cli', ['start', '--all']);
  await until('the middle of the run', () => bench.asked().length >= 30, patience);
  await master.kill();
  await until('the Sentinels have another master', async () => (await masterPort()) !== master.port, patience);
  expect(await start.ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

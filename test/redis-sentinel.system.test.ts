import { expect, it } from 'vitest';
import { startWatchedRedis } from './support/redis-sentinels.ts';
import { openSystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const patience = 60_000;

it('a fail-over in the middle of a run loses no test', async ({ onTestFinished }) => {
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

  expect(await start.ended).toMatchObject({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  worker.kill('SIGTERM');
  const { code, stderr } = await worker.ended;
  expect(code).toBe(0);
  expect(stderr.match(/Lost the connection/g)).toHaveLength(1);
  expect(stderr.match(/main\/0 is back/g)).toHaveLength(1);
});

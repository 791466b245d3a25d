import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { leastRights, rightsOfInfo } from './support/redis-fleets.ts';
import { startRedisProcess } from './support/redis-servers.ts';
import { openSystemBench, type SystemBench } from './support/system-bench.ts';

const prefix = '{one-account}';
const least = leastRights(prefix);

type AfterTest = (work: () => Promise<void>) => void;

/** A library whose Redis lets the program do no more than this. */
async function openLimited(afterTest: AfterTest, rights: readonly string[]): Promise<SystemBench & { admin: Redis }> {
  const redis = await startRedisProcess({ afterTest, args: ['--maxmemory-policy', 'allkeys-lru'] });
  const admin = new Redis(redis.url);
  await admin.acl('SETUSER', 'inventory', 'on', '>geheim', ...rights);
  const bench = await openSystemBench({
    afterTest,
    sandbox: { library: { seed: 5, tests: 20, workspaces: 2 } },
    redisUrl: redis.url,
    settings: { REDIS_URL: `redis://inventory:geheim@127.0.0.1:${redis.port}`, QUEUE_PREFIX: prefix },
  });
  afterTest(async () => admin.disconnect());
  return { ...bench, admin };
}

it.concurrent('a user with the least rights is enough for every command', async ({ onTestFinished }) => {
  const bench = await openLimited(onTestFinished, least);
  const ended = await bench.start();
  expect(ended).toEndWith({ code: 0, stderr: '' });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });

  const scheduled = bench.launch('producer', ['--schedule', '* * * * * *']);
  const worker = bench.launch('worker');
  await scheduled.said('tests enqueued');
  const uuid = bench.tests[0]?.uuid ?? '';
  for (const args of [['status'], ['plan', '--all'], ['explain', uuid], ['retry'], ['forget', uuid]]) {
    expect(await bench.launch('cli', args).ended, args[0]).toEndWith({ code: 0, stderr: '' });
  }
  for (const program of [scheduled, worker]) {
    expect(await program.stop()).toEndWith({ code: 0, stderr: '' });
  }
  const denied = (await bench.admin.acl('LOG')) as unknown[];
  const reasons = denied.map((entry) => String(entry));
  expect(reasons.filter((entry) => !/\b(info|config\|get)\b/.test(entry))).toEqual([]);
});

it.concurrent('with INFO and CONFIG GET a wrong eviction policy and missing persistence are warned of', async ({
  onTestFinished,
}) => {
  const bench = await openLimited(onTestFinished, [...least, ...rightsOfInfo]);
  const { code, stderr } = await bench.start();
  expect(code).toBe(0);
  expect(stderr).toMatch(/maxmemory-policy allkeys-lru.*set it to noeviction/);
  expect(stderr).toMatch(/keeps nothing on disk.*Set appendonly yes/);
});

it.concurrent('a user without a right that is needed is told which, before anything is asked', async ({
  onTestFinished,
}) => {
  const bench = await openLimited(onTestFinished, ['~{another}:*', ...least.slice(1)]);
  const { code, stderr } = await bench.start();
  expect(code).toBe(2);
  expect(stderr).toMatch(/does not let this user work|NOPERM/);
  expect(bench.sandbox.requests()).toEqual([]);
});

it.concurrent('doctor finds a right that is missing', async ({ onTestFinished }) => {
  const bench = await openLimited(onTestFinished, least);
  for (const right of ['-@write', '-xadd', '-@blocking', '-time']) {
    await bench.admin.acl('SETUSER', 'inventory', 'reset', 'on', '>geheim', ...least, right);
    const { code, stdout } = await bench.launch('cli', ['doctor']).ended;
    expect(stdout, right).toMatch(/\[FAIL\] Redis .*does not let this user work.*Give the user of REDIS_URL access/);
    expect(code).toBe(1);
  }
});

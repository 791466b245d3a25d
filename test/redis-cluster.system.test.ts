import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { complaints } from './support/program.ts';
import { leastRights, rightsOfCluster, rightsOfInfo, startRedisCluster } from './support/redis-fleets.ts';
import { openSystemBench, type SystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const library = { seed: 9, tests: 40, workspaces: 3, sharedTests: 4 };

it.concurrent('a cluster of three masters does all that one Redis does', async ({ onTestFinished }) => {
  const nodes = await startRedisCluster(onTestFinished);
  const [first, , third] = nodes;
  const urls = {
    list: nodes.map(({ url }) => url).join(','),
    'one address': third?.url ?? '',
  };
  const benches = new Map<string, SystemBench>();
  for (const [name, REDIS_URL] of Object.entries(urls)) {
    const settings = { REDIS_URL, QUEUE_PREFIX: `{by ${name}}`.replaceAll(' ', '-') };
    const redisUrl = first?.url ?? '';
    const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library }, settings, redisUrl });
    benches.set(name, bench);
  }
  const [byList, byAddress] = [...benches.values()];
  if (byList === undefined || byAddress === undefined) throw new Error('no bench');

  const started = byList.start();
  const worker = byAddress.launch('worker');
  const exporter = byAddress.launch('exporter');
  const scheduled = byAddress.launch('producer', ['--schedule', '* * * * * *']);
  const whole = { ...byAddress.expected(), errors: {} };
  await until(
    'the whole library',
    async () => {
      const files = await byAddress.files().catch(() => null);
      return files?.utz.length === whole.utz.length && files.classic.length === whole.classic.length;
    },
    60_000,
  );
  for (const program of [scheduled, worker, exporter]) program.kill('SIGTERM');
  for (const program of [scheduled, worker, exporter]) {
    expect(await program.ended).toEndWith({ code: 0, stderr: '' });
  }
  expect(await byAddress.files()).toEqual(whole);

  expect(await started).toEndWith({ code: 0, stderr: '' });
  expect(await byList.files()).toEqual({ ...byList.expected(), errors: {} });
  expect(byList.asked()).toHaveLength(byList.least());
  expect(await byList.launch('cli', ['status', '--json']).ended).toEndWith({ code: 0 });

  const keys = await Promise.all(nodes.map(({ url }) => keysOf(url)));
  for (const bench of benches.values()) {
    const here = keys.map((all) => all.filter((key) => key.startsWith(bench.prefix)).length);
    expect(
      here.filter((count) => count > 0),
      'all of one account is on one node',
    ).toHaveLength(1);
  }
});

it.concurrent('a replica that takes over in the middle of a run loses no test; a user with few rights is enough', async ({
  onTestFinished,
}) => {
  const nodes = await startRedisCluster(onTestFinished, { replicas: true });
  const prefix = '{one-account}';
  for (const { url } of nodes) {
    const admin = new Redis(url);
    await admin.acl(
      'SETUSER',
      'inventory',
      'on',
      '>geheim',
      ...leastRights(prefix),
      ...rightsOfCluster,
      ...rightsOfInfo,
    );
    admin.disconnect();
  }
  const [first] = nodes;
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: { ...library, tests: 60 }, latency: [20, 120] },
    settings: { REDIS_URL: `redis://inventory:geheim@${hosts}`, QUEUE_PREFIX: prefix, REQUEST_INTERVAL_MS: '40' },
    redisUrl: first?.url ?? '',
  });
  const start = bench.launch('cli', ['start', '--all']);
  await until('the middle of the run', () => bench.asked().length >= 50, 60_000);
  const keys = await Promise.all(nodes.slice(0, 3).map(({ url }) => keysOf(url)));
  const holder = nodes[keys.findIndex(({ length }) => length > 0)];
  await holder?.kill();
  const during = bench.asked().length;
  const { code, stderr } = await start.ended;
  expect(code).toBe(0);
  expect(complaints(stderr).split('\n')).toEqual([
    expect.stringContaining(`No connection to 127.0.0.1:${holder?.port}`),
  ]);
  expect(bench.asked().length, 'the run was not over before').toBeGreaterThan(during + 20);
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

async function keysOf(url: string): Promise<string[]> {
  const client = new Redis(url);
  const keys = await client.keys('*');
  client.disconnect();
  return keys;
}

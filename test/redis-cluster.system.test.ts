import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { startRedisCluster } from './support/redis-cluster.ts';
import { openSystemBench, type SystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const library = { seed: 9, tests: 40, workspaces: 3, sharedTests: 4 };

it('a cluster of three masters does all that one Redis does', async ({ onTestFinished }) => {
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
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  }
  expect(await byAddress.files()).toEqual(whole);

  expect(await started).toMatchObject({ code: 0, stderr: '' });
  expect(await byList.files()).toEqual({ ...byList.expected(), errors: {} });
  expect(byList.asked()).toHaveLength(byList.least());
  expect((await byList.launch('cli', ['status', '--json']).ended).code).toBe(0);

  const keys = await Promise.all(nodes.map(({ url }) => keysOf(url)));
  for (const bench of benches.values()) {
    const here = keys.map((all) => all.filter((key) => key.startsWith(bench.prefix)).length);
    expect(
      here.filter((count) => count > 0),
      'all of one account is on one node',
    ).toHaveLength(1);
  }
});

async function keysOf(url: string): Promise<string[]> {
  const client = new Redis(url);
  const keys = await client.keys('*');
  client.disconnect();
  return keys;
}

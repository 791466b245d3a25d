import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { openTestAccount } from './support/account.ts';
import { leastRequests } from './support/needed-probes.ts';
import { type Program, startProgram } from './support/program.ts';
import { startOwnRedis } from './support/redis-servers.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { until } from './support/until.ts';

const intervalMs = 60;

it('two accounts on one Redis, each with a settings file and a prefix, go at their own pace and mix nothing', async ({
  onTestFinished,
}) => {
  const { url } = await startOwnRedis(onTestFinished);
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  const folder = await temporaryFolder(onTestFinished);
  const open = async (seed: number, prefix: string) => {
    const pace = { REQUEST_INTERVAL_MS: String(intervalMs), QUEUE_PREFIX: prefix };
    const account = await openTestAccount({ library: { seed, tests: 40, workspaces: 2 } }, url, pace);
    onTestFinished(account.close);
    const ENV_FILE = join(folder, `${seed}.env`);
    const lines = Object.entries(account.settings).map(([name, value]) => `${name}=${value}`);
    await writeFile(ENV_FILE, `${lines.join('\n')}\n`);
    const launch = (app: string, ...args: string[]): Program => {
      const program = startProgram(app, args, { ENV_FILE });
      onTestFinished(() => program.kill('SIGKILL'));
      return program;
    };
    const starts = async () => (await redis.lrange(`${prefix}:starts`, 0, -1)).map((micros) => Number(micros) / 1000);
    return { ...account, prefix, launch, starts, whole: { ...account.expected(), errors: {} } };
  };
  const [one, two] = [await open(1, '{account-one}'), await open(2, '{account-two}')];
  one.sandbox.faults.add({ kind: 'throttle', retryAfter: '1', endpoint: 'sessionResults', count: 1 });

  const start = one.launch('cli', 'start', '--all');
  const parts = [two.launch('worker'), two.launch('worker'), two.launch('exporter')];
  expect(await two.launch('producer', '--all').ended).toEndWith({ code: 0 });
  await until(
    'the second account is done',
    async () => {
      const files = await two.files().catch(() => null);
      return files?.utz.length === two.whole.utz.length && files.classic.length === two.whole.classic.length;
    },
    60_000,
  );
  expect(await start.ended).toEndWith({ code: 0 });
  for (const program of parts) program.kill('SIGTERM');
  for (const program of parts) expect(await program.ended).toEndWith({ code: 0 });

  for (const { files, whole, sandbox, starts } of [one, two]) {
    expect(await files()).toEqual(whole);
    const { results, byEndpoint } = sandbox.statistics();
    // A grant that comes too late is not used: there may be more of them.
    expect((await starts()).length, 'each request had a grant of its own account').toBeGreaterThanOrEqual(
      results.count,
    );
    expect(byEndpoint['token'], 'each account has its own token').toBe(1);
    expect(sandbox.requests().filter(({ status }) => status === 401)).toEqual([]);
  }
  expect(one.sandbox.statistics().results.count).toBe(leastRequests(one.sandbox.library) + 1);
  expect(two.sandbox.statistics().results.count).toBe(leastRequests(two.sandbox.library));
  expect(await redis.hget(`${one.prefix}:pause`, 'cause')).toBe('refused');
  expect(await redis.hget(`${two.prefix}:pause`, 'cause'), 'a pause is for one account').toBeNull();

  const mine = await one.starts();
  const near = (await two.starts()).filter((at) => mine.some((other) => Math.abs(other - at) < intervalMs / 2));
  expect(near.length, 'starts that no common limit would have granted').toBeGreaterThan(5);
  const keys = await redis.keys('*');
  expect(keys.filter((key) => ![one, two].some(({ prefix }) => key.startsWith(`${prefix}:`)))).toEqual([]);
});

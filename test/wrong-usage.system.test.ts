import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { openTestAccount, type TestAccount } from './support/account.ts';
import { type Ended, runProgram } from './support/program.ts';
import { redisContents } from './support/redis-contents.ts';

let account: TestAccount;
beforeEach(async () => {
  account = await openTestAccount({ library: { seed: 3, tests: 12, workspaces: 2 } }, inject('redisUrl'));
});
afterEach(() => account.close());

const start = (settings: Record<string, string> = {}, args = ['--all']) =>
  runProgram('cli', ['start', ...args], { ...account.settings, LOG_LEVEL: 'silent', ...settings });

/** One or two sentences, no stack trace, no secret; nothing was asked of the Results API. */
function expectClear({ stderr, stdout, code }: Ended, expectedCode: number, words: RegExp): void {
  expect(stderr).toMatch(words);
  expect(stderr + stdout).not.toMatch(/\n\s+at |node:internal|sandbox-secret|a-wrong-secret/);
  expect(code).toBe(expectedCode);
  expect(account.sandbox.statistics().results.count).toBe(0);
}

it('without credentials nothing starts, and both missing settings are named', async () => {
  expectClear(
    await start({ CLIENT_ID: '', CLIENT_SECRET: '' }),
    2,
    /CLIENT_ID is missing[\s\S]*CLIENT_SECRET is missing/,
  );
});

it('a wrong secret is an authentication failure that says what to check', async () => {
  expectClear(
    await start({ CLIENT_SECRET: 'a-wrong-secret' }),
    3,
    /refuses the credentials.*Check CLIENT_ID and CLIENT_SECRET/,
  );
});

it('an unreachable API is said, with its address', async () => {
  expectClear(await start({ API_BASE_URL: 'http://127.0.0.1:9' }), 1, /127\.0\.0\.1:9.*refuses the connection/);
});

it('a setting that is no number is named, with what is expected', async () => {
  expectClear(await start({ REQUEST_INTERVAL_MS: 'abc' }), 2, /REQUEST_INTERVAL_MS is "abc": expected a whole number/);
});

it('an unknown workspace lists the known ones', async () => {
  const [known] = account.sandbox.library.workspaces();
  expectClear(await start({}, ['--workspace-uuid', 'nope']), 2, new RegExp(`not found: nope[\\s\\S]*${known?.uuid}`));
});

it.each([[['--everything']], [['extra']], [['--all', '--workspace-uuid', 'x']]])('%j is wrong usage', async (args) => {
  expect(await start({}, args)).toEndWith({ code: 2 });
});

it('an unreachable Redis is said, with its address', async () => {
  expectClear(await start({ REDIS_URL: 'redis://:hunter2222@127.0.0.1:9' }), 2, /^(?!.*hunter2222).*127\.0\.0\.1:9/s);
});

it('a state folder that cannot be written is said; the work is kept in Redis and the run ends with 1', async () => {
  await writeFile(account.stateDir, 'a file where the folder should be');
  const ended = await start();
  expect(ended).toEndWith({ code: 1 });
  expect(ended.stderr + ended.stdout).toMatch(/STATE_DIR|state/);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

it('a state file with rubbish in it is kept beside the new one', async () => {
  await mkdir(account.stateDir, { recursive: true });
  await writeFile(join(account.stateDir, 'utz_tests.json'), '[{"test_uuid": "half');
  expect(await start()).toEndWith({ code: 0 });
  expect((await readdir(account.stateDir)).filter((name) => name.startsWith('utz_tests.json.corrupt-'))).toHaveLength(
    1,
  );
  expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
});

it.for([
  ['cli', ['start', '--all']],
  ['producer', ['--all']],
  ['producer', ['--all', '--schedule', '0 2 * * *']],
  ['worker', []],
  ['exporter', []],
  ['exporter', ['--once']],
  ['board', []],
  ['cli', ['status']],
] as const)('checkpoints of a newer version are refused and not touched: %s %j', async ([app, args]) => {
  const redis = new Redis(inject('redisUrl'));
  const prefix = account.settings['QUEUE_PREFIX'] ?? '';
  await redis.set(`${prefix}:schema`, '2');
  const ended = await runProgram(app, args, { ...account.settings, BOARD_PORT: '0' });
  expectClear(
    ended,
    2,
    new RegExp(`The checkpoints under ${prefix} have layout 2, this version reads layout 1: use the version`),
  );
  expect(await redisContents(redis, prefix)).toEqual({ [`${prefix}:schema`]: '2' });
  expect(await readdir(account.stateDir).catch(() => [])).toEqual([]);
  redis.disconnect();
});

it('from checkpoints that cannot be read one goes on under another prefix, with the files, asking about no test with a type', async () => {
  expect(await start()).toEndWith({ code: 0 });
  const whole = await account.files();
  const typed = whole.utz.filter(({ test_type }) => test_type !== undefined);
  const known = [...typed, ...whole.classic].map(({ test_uuid }) => test_uuid);
  account.sandbox.resetRequests();
  await rm(join(account.stateDir, 'manifest.json'));
  const ended = await start({ QUEUE_PREFIX: `{next-${randomUUID()}}` });
  expect(ended).toEndWith({ code: 0, stderr: '' });
  const asked = account.sandbox.requests().map(({ testUuid }) => testUuid ?? '');
  expect(known.filter((uuid) => asked.includes(uuid))).toEqual([]);
  expect(await account.files()).toEqual(whole);
});

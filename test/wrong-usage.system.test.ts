import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Ended } from './support/program.ts';
import { redisContents } from './support/redis-contents.ts';
import { openSystemBench, type SystemBench } from './support/system-bench.ts';

const openBench = (afterTest: (work: () => Promise<void>) => void): Promise<SystemBench> =>
  openSystemBench({ afterTest, sandbox: { library: { seed: 3, tests: 12, workspaces: 2 } } });

const start = ({ launch }: SystemBench, settings: Record<string, string> = {}, args = ['--all']) =>
  launch('cli', ['start', ...args], { LOG_LEVEL: 'silent', ...settings }).ended;

/** One or two sentences, no stack trace, no secret; nothing was asked of the Results API. */
function expectClear(bench: SystemBench, { stderr, stdout, code }: Ended, expected: { code: number; words: RegExp }) {
  expect(stderr).toMatch(expected.words);
  expect(stderr + stdout).not.toMatch(/\n\s+at |node:internal|sandbox-secret|a-wrong-secret/);
  expect(code).toBe(expected.code);
  expect(bench.asked()).toEqual([]);
}

it.concurrent.for<[string, Record<string, string>, number, RegExp]>([
  ['an unreachable API', { API_BASE_URL: 'http://127.0.0.1:9' }, 1, /127\.0\.0\.1:9.*refuses the connection/],
  ['an unreachable Redis', { REDIS_URL: 'redis://:hunter2222@127.0.0.1:9' }, 2, /^(?!.*hunter2222).*127\.0\.0\.1:9/s],
  [
    'a wrong secret',
    { CLIENT_SECRET: 'a-wrong-secret' },
    3,
    /refuses the credentials.*Check CLIENT_ID and CLIENT_SECRET/,
  ],
  [
    'a setting that is no number',
    { REQUEST_INTERVAL_MS: 'abc' },
    2,
    /REQUEST_INTERVAL_MS is "abc": expected a whole number/,
  ],
  [
    'a lack of credentials',
    { CLIENT_ID: '', CLIENT_SECRET: '' },
    2,
    /CLIENT_ID is missing[\s\S]*CLIENT_SECRET is missing/,
  ],
])('%s is said, with what to check, and nothing starts', async ([, settings, code, words], { onTestFinished }) => {
  const bench = await openBench(onTestFinished);
  expectClear(bench, await start(bench, settings), { code, words });
});

it.concurrent('an unknown workspace lists the known ones', async ({ onTestFinished }) => {
  const bench = await openBench(onTestFinished);
  const [known] = bench.sandbox.library.workspaces();
  const ended = await start(bench, {}, ['--workspace-uuid', 'nope']);
  expectClear(bench, ended, { code: 2, words: new RegExp(`not found: nope[\\s\\S]*${known?.uuid}`) });
});

it.concurrent.for([[['--everything']], [['extra']], [['--all', '--workspace-uuid', 'x']]])(
  '%j is wrong usage',
  async ([args], { onTestFinished }) => {
    expect(await start(await openBench(onTestFinished), {}, args)).toEndWith({ code: 2 });
  },
);

it.concurrent('a state folder that cannot be written is said; the work is kept in Redis and the run ends with 1', async ({
  onTestFinished,
}) => {
  const bench = await openBench(onTestFinished);
  await writeFile(bench.stateDir, 'a file where the folder should be');
  const ended = await start(bench);
  expect(ended).toEndWith({ code: 1 });
  expect(ended.stderr + ended.stdout).toMatch(/STATE_DIR|state/);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

it.concurrent('a state file with rubbish in it is kept beside the new one', async ({ onTestFinished }) => {
  const bench = await openBench(onTestFinished);
  await mkdir(bench.stateDir, { recursive: true });
  await writeFile(join(bench.stateDir, 'utz_tests.json'), '[{"test_uuid": "half');
  expect(await start(bench)).toEndWith({ code: 0 });
  expect((await readdir(bench.stateDir)).filter((name) => name.startsWith('utz_tests.json.corrupt-'))).toHaveLength(1);
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent.for([
  ['cli', ['start', '--all']],
  ['producer', ['--all']],
  ['producer', ['--all', '--schedule', '0 2 * * *']],
  ['worker', []],
  ['exporter', []],
  ['exporter', ['--once']],
  ['board', []],
  ['cli', ['status']],
] as const)(
  'checkpoints of a newer version are refused and not touched: %s %j',
  async ([app, args], { onTestFinished }) => {
    const bench = await openBench(onTestFinished);
    const { prefix, redis } = bench;
    await redis.set(`${prefix}:schema`, '2');
    const ended = await bench.launch(app, args, { BOARD_PORT: '0' }).ended;
    const words = new RegExp(
      `The checkpoints under ${prefix} have layout 2, this version reads layout 1: use the version`,
    );
    expectClear(bench, ended, { code: 2, words });
    expect(await redisContents(redis, prefix)).toEqual({ [`${prefix}:schema`]: '2' });
    expect(await readdir(bench.stateDir).catch(() => [])).toEqual([]);
  },
);

it.concurrent('from checkpoints that cannot be read one goes on under another prefix, with the files, asking about no test with a type', async ({
  onTestFinished,
}) => {
  const bench = await openBench(onTestFinished);
  expect(await start(bench)).toEndWith({ code: 0 });
  const whole = await bench.files();
  const typed = whole.utz.filter(({ test_type }) => test_type !== undefined);
  const known = [...typed, ...whole.classic].map(({ test_uuid }) => test_uuid);
  bench.sandbox.resetRequests();
  await rm(join(bench.stateDir, 'manifest.json'));
  const ended = await start(bench, { QUEUE_PREFIX: `{next-${randomUUID()}}` });
  expect(ended).toEndWith({ code: 0, stderr: '' });
  const asked = bench.sandbox.requests().map(({ testUuid }) => testUuid ?? '');
  expect(known.filter((uuid) => asked.includes(uuid))).toEqual([]);
  expect(await bench.files()).toEqual(whole);
});

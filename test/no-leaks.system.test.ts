import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import type { Ended, Program } from './support/program.ts';
import { startOwnRedis } from './support/redis-servers.ts';
import { openSystemBench, type SystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const patience = 60_000;
const secret = 'client-secret-that-nobody-may-see/+?';
const accessToken = /sandbox-token-\d+-[0-9a-f]{32}/g;
/** The client secret in the forms in which it is sent, access tokens, and what the sandbox puts into media answers. */
const forbidden = [
  secret,
  encodeURIComponent(secret),
  'client-secret-that',
  'transcript-marker',
  'video-marker',
  'qx-marker',
];

/**
 * Where the ids of sessions are: nowhere, but in the stored answers of tests that have no final verdict.
 * @param evidence key of the stored answers
 */
function sessionLeaks(places: Places, ids: readonly string[], evidence: string): string[] {
  const named = (text: string): string[] => ids.filter((id) => text.toLowerCase().includes(id));
  return [...places]
    .filter(([place]) => place !== evidence)
    .flatMap(([place, text]) => named(text).map((id) => `session ${id} in ${place}`));
}

/** Tests with a final verdict whose stored answers name a session. */
async function namedByVerdicts({ redis, prefix }: SystemBench): Promise<string[]> {
  const [evidence, verdicts] = await Promise.all([
    redis.hgetall(`${prefix}:evidence`),
    redis.hgetall(`${prefix}:verdicts`),
  ]);
  return Object.entries(evidence)
    .filter(([uuid]) => verdicts[uuid] !== undefined && !verdicts[uuid].includes('provisionalUntil'))
    .filter(([, text]) => /"sessionId":"(?!\{session\})/.test(text))
    .map(([uuid]) => uuid);
}

/** Everything that could hold something, by the name of its place. */
type Places = Map<string, string>;

/** What of the forbidden things is where; the text itself is not shown. */
function leaks(places: Places): string[] {
  return [...places].flatMap(([place, text]) => [
    ...forbidden.filter((word) => text.includes(word)).map((word) => `${word} in ${place}`),
    ...(text.match(accessToken) ?? []).map(() => `a token in ${place}`),
  ]);
}

async function filesBelow(folder: string): Promise<Places> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')] as const)));
}

/** All keys and values, whoever wrote them. */
async function everythingIn(redis: Redis): Promise<Places> {
  const places: Places = new Map();
  const read: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, '0', '-1'),
    stream: (key) => redis.xrange(key, '-', '+'),
  };
  for (const key of await redis.keys('*')) {
    const value = await read[await redis.type(key)]?.(key);
    places.set(key, `${key} ${JSON.stringify(value)}`);
  }
  return places;
}

/** Failures of many kinds, some with bodies that say what was sent, or that show participants' data. */
async function makeTrouble({ sandbox, redis, prefix, tests }: SystemBench): Promise<void> {
  const { faults } = sandbox;
  faults.clear();
  const [record = ''] = await redis.keys(`${prefix.replace(/[{}]/g, '?')}:token:*`);
  const token = (await redis.hget(record, 'accessToken')) ?? '';
  expect(token).toMatch(accessToken);
  const message = `Bearer ${token} and ${secret} are not enough`;
  const sent = { message, sent: { Authorization: `Bearer ${token}`, client_secret: secret }, url: `/?token=${token}` };
  const markers = { text: 'transcript-marker video-marker qx-marker', token };
  const uuids = tests.map(({ uuid }) => uuid);
  const [first, second, third, fourth, fifth, ...others] = uuids;
  const endpoint = 'sessionResults';
  faults.add({ kind: 'status', status: 400, body: sent, endpoint, testUuid: first });
  faults.add({ kind: 'status', status: 403, body: JSON.stringify(sent), endpoint, testUuid: second });
  faults.add({ kind: 'status', status: 500, body: `${secret} ${token}`, endpoint, testUuid: third });
  faults.add({ kind: 'wrong-shape', body: { sessions: [sent] }, endpoint, testUuid: fourth });
  faults.add({ kind: 'redirect', location: `/elsewhere?token=${token}`, endpoint, testUuid: fifth });
  for (const [place, medium] of (['videoDownloadUrl', 'qxScores', 'transcript'] as const).entries()) {
    const [a, b, c] = others.slice(3 * place);
    faults.add({ kind: 'status', status: 500, body: markers, endpoint: medium, testUuid: a });
    faults.add({ kind: 'status', status: 403, body: markers, endpoint: medium, testUuid: b });
    faults.add({ kind: 'status', status: 400, body: JSON.stringify(markers), endpoint: medium, testUuid: c });
    for (const kind of ['reset', 'cut-body', 'reset-in-body'] as const)
      faults.add({ kind, endpoint: medium, count: 1 });
  }
  faults.add({ kind: 'throttle', retryAfter: '1', endpoint: 'results', skip: 5, count: 1 });
  faults.add({ kind: 'status', status: 503, body: sent, endpoint: 'token', count: 1 });
  faults.add({ kind: 'not-json', endpoint: 'token', count: 1 });
  const [, workspace] = sandbox.library.workspaces();
  faults.add({ kind: 'status', status: 403, body: sent, endpoint: 'listing', workspaceUuid: workspace?.uuid });
}

/** What the board answers, by its path: everything that it knows of the tests, the queue and the work. */
async function answersOf(board: Program, errors: object): Promise<Places> {
  await board.said(/The board is at \S+\n/);
  const url = /at (\S+)\n/.exec(board.stdout())?.[1] ?? '';
  const [waiting] = JSON.parse(await answer(`${url}/queues/api/queues`)).queues;
  const paths = [
    '/',
    '/metrics',
    '/readyz',
    '/api/summary',
    ...['json', 'csv', 'ndjson'].map((format) => `/api/tests?format=${format}`),
    ...Object.keys(errors)
      .filter((key) => !key.startsWith('workspace:'))
      .map((uuid) => `/api/tests/${uuid}`),
    ...['completed', 'failed', 'latest'].map(
      (state) => `/queues/api/queues?activeQueue=${waiting.name}&status=${state}`,
    ),
  ];
  return new Map(await Promise.all(paths.map(async (path) => [path, await answer(url + path)] as const)));
}

async function answer(url: string): Promise<string> {
  const response = await fetch(url);
  expect(response.status, url).toBe(200);
  return await response.text();
}

it('whatever fails, no secret, token, session or participant data is in logs, output, files, Redis or on the board, but the token at its one place', async ({
  onTestFinished,
}) => {
  const own = await startOwnRedis(onTestFinished);
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: {
      library: {
        seed: 15,
        tests: 60,
        workspaces: 3,
        mix: { survey: 2, 'think-out-loud': 3, 'interaction (video)': 2, 'interaction (qx)': 2, classic: 1 },
      },
      clientSecret: secret,
    },
    settings: { LOG_LEVEL: 'trace', STEP_RETRIES: '1', REQUEST_TIMEOUT_MS: '2000' },
    redisUrl: own.url,
  });
  const outputs: Ended[] = [];
  const run = async (app: string, args: readonly string[], settings = {}): Promise<void> => {
    outputs.push(await bench.launch(app, args, settings).ended);
  };
  await run('cli', ['token']);
  await makeTrouble(bench);
  const board = bench.launch('board', [], { BOARD_PORT: '0' });
  const staying = [bench.launch('worker'), bench.launch('exporter'), board];
  const revoked = until('the middle of the run', () => bench.asked().length > 30, patience).then(() =>
    bench.sandbox.revokeTokens(),
  );
  await Promise.all([run('cli', ['start', '--all']), revoked]);
  await makeTrouble(bench);
  await Promise.all([run('producer', ['--all']), run('cli', ['start', '--all'], { LOG_FORMAT: 'pretty' })]);
  await run('cli', ['token', '--force'], { CLIENT_SECRET: `${secret}-wrong` });
  const { errors } = await bench.files();
  const shown = await answersOf(board, errors);
  for (const args of [['status'], ['status', '--json'], ['explain', Object.keys(errors)[0] ?? ''], ['doctor']])
    await run('cli', args);
  for (const program of staying) program.kill('SIGTERM');
  outputs.push(...(await Promise.all(staying.map(({ ended }) => ended))));

  expect(Object.keys(errors).length).toBeGreaterThan(8);
  expect(JSON.stringify(errors)).toContain('[secret]');
  expect(shown.get('/api/tests?format=csv')?.split('\n').length).toBeGreaterThan(40);
  expect(bench.sandbox.tokensIssued()).toBeGreaterThan(1);
  const inRedis = await everythingIn(bench.redis);
  const tokenPlaces = [...inRedis.keys()].filter((key) => key.startsWith(`${bench.prefix}:token:`));
  expect(tokenPlaces).toHaveLength(1);
  for (const place of tokenPlaces) {
    expect(inRedis.get(place)?.match(accessToken)).toHaveLength(1);
    inRedis.set(place, inRedis.get(place)?.replaceAll(accessToken, '') ?? '');
  }
  const printed: Places = new Map(
    outputs.flatMap(({ stdout, stderr }, index) => [
      [`stdout ${index}`, stdout],
      [`stderr ${index}`, stderr],
    ]),
  );
  const { DATA_DIR = '' } = bench.settings;
  const written = [...(await filesBelow(bench.stateDir)), ...(await filesBelow(DATA_DIR))];
  expect(written.length).toBeGreaterThan(2);
  const places = new Map([...inRedis, ...printed, ...written, ...shown]);
  expect(leaks(places)).toEqual([]);
  const sessions = bench.tests.flatMap(({ uuid }) => bench.sandbox.library.sessionIds(uuid));
  expect(sessionLeaks(places, sessions, `${bench.prefix}:evidence`)).toEqual([]);
  expect(await namedByVerdicts(bench)).toEqual([]);
});

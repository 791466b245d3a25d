import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openTestAccount } from '../support/account.ts';
import { runProgram } from '../support/program.ts';
import { libraryOf } from '../support/system-bench.ts';

async function openAccount(library = libraryOf('survey', 'classic')) {
  const account = await openTestAccount({ library }, inject('redisUrl'));
  onTestFinished(() => account.close());
  await mkdir(account.stateDir, { recursive: true });
  return account;
}

it('hours are not spent again for damaged state files unless --yes says so', async () => {
  const account = await openAccount();
  const file = join(account.stateDir, 'utz_tests.json');
  const rubbish = Buffer.alloc(30_000, 'rubbish ');
  await writeFile(file, rubbish);
  const slowly = { ...account.settings, REQUEST_INTERVAL_MS: '6050' };
  for (const [app, args] of [
    ['cli', ['start', '--all']],
    ['producer', ['--all']],
    ['cli', ['retry']],
    ['exporter', ['--once']],
  ] as const) {
    const { code, stderr } = await runProgram(app, args, slowly);
    expect({ app, code, stderr }).toMatchObject({
      app,
      code: 2,
      stderr: expect.stringContaining('npm start -- --yes'),
    });
  }
  expect(account.sandbox.statistics().results.count).toBe(0);
  expect(await readFile(file)).toEqual(rubbish);
  expect((await readdir(account.stateDir)).filter((name) => name.includes('corrupt'))).toEqual([]);
  const { code } = await runProgram('cli', ['start', '--all', '--yes'], account.settings);
  expect(code).toBe(0);
  expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
  expect((await readdir(account.stateDir)).filter((name) => name.includes('corrupt'))).toHaveLength(1);
});

it('tests that the files have in upper case are known, and a new errors.json is for its owner alone', async () => {
  const account = await openAccount(libraryOf('survey', 'interaction (video)', 'classic'));
  await runProgram('cli', ['start', '--all'], account.settings);
  expect((await stat(join(account.stateDir, 'errors.json'))).mode & 0o777).toBe(0o600);
  const before = await account.files();
  for (const name of ['utz_tests.json', 'classicut_tests.json']) {
    const path = join(account.stateDir, name);
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replaceAll(/(?<="test_uuid": ")[^"]+/g, (uuid) => uuid.toUpperCase()),
    );
  }
  await rm(join(account.stateDir, 'manifest.json'));
  const asked = account.sandbox.statistics().results.count;
  const { code } = await runProgram('cli', ['start', '--all'], {
    ...account.settings,
    QUEUE_PREFIX: `{test-${randomUUID()}}`,
  });
  expect(code).toBe(0);
  expect(account.sandbox.statistics().results.count).toBe(asked);
  expect(await account.files()).toEqual(before);
});

it('requests use the UUID as the listing spells it', async () => {
  const [lower, upper] = ['aaaaaaaa-0000-4000-8000-00000000000b', 'AAAAAAAA-0000-4000-8000-00000000000B'];
  const workspace = 'bbbbbbbb-0000-4000-8000-000000000001';
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://api.test');
    const answer = (body: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (pathname === '/token') return answer({ access_token: 'token', expires_in: 3600 });
    if (pathname.endsWith('/workspaces')) return answer([{ uuid: workspace, name: 'W' }]);
    if (pathname.endsWith(workspace)) return answer({ studies: searchParams.has('after') ? [] : [{ uuid: upper }] });
    asked.push(request.url ?? '');
    if (searchParams.get('testId') === upper) return answer({ testId: upper, sessions: [], meta: {} });
    return answer({ code: 'NOT_FOUND', message: 'Resource not found' }, 404);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const account = await openAccount();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ended = await runProgram('cli', ['start', '--all'], {
    ...account.settings,
    API_BASE_URL: url,
    TOKEN_URL: `${url}/token`,
  });
  expect(ended.code).toBe(0);
  expect(asked.every((path) => path.includes(upper))).toBe(true);
  expect(asked).toHaveLength(1);
  const { utz } = await account.files();
  expect(utz).toEqual([{ test_uuid: lower, workspace_uuid: workspace, workspace_name: 'W' }]);
});

import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answeringServer } from '../../../../packages/usertesting/src/http/answering-server.test.ts';
import { forwardProxy, refusal } from '../../../../test/support/forward-proxy.ts';
import { openCliAccount } from '../../../../test/support/open-test-account.ts';
import { doctor } from './doctor.ts';

async function examined(env: Readonly<Record<string, string>> = {}) {
  const account = await openCliAccount();
  const { code, lines, json } = await doctor({ ...account.env, ...env });
  return { account, code, text: lines.join('\n'), json };
}

describe('doctor', () => {
  it('passes a sound set-up, sends no Results API request and leaves nothing behind', async () => {
    const { account, code, text, json } = await examined();
    const { settings, redis } = account.runtime;
    expect(text.replace(/version [\d.]+/, 'version X').split('\n')).toEqual([
      '[PASS] Settings     complete and well formed, from the environment',
      "[PASS] 404 answers  count when their body is a JSON object; others are not the API's (NOT_FOUND_BODY=json)",
      "[PASS] Clock        agrees with the API's",
      expect.stringMatching(/^\[PASS\] Credentials {2}accepted; \d+ workspaces? can be listed$/),
      `[PASS] Redis        ${redis.describe()} answers, version X`,
      '[WARN] Redis        keeps nothing on disk: a restart loses queue and checkpoints; set appendonly yes',
      '[PASS] Redis        never evicts keys (noeviction)',
      '[PASS] Checkpoints  consistent',
      '[PASS] Pace         one request per 0 s, for all processes together',
      `[PASS] STATE_DIR    ${settings.stateDir} can be written`,
      `[PASS] DATA_DIR     ${settings.dataDir} can be written`,
    ]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ passed: true });
    expect(account.sandbox.statistics().results.count).toBe(0);
    expect(await readdir(dirname(account.runtime.settings.stateDir))).toEqual([]);
    const keys = await account.runtime.client.keys(`${account.runtime.checkpoints.prefix}*`);
    // The queue of the test account itself.
    expect(keys.filter((key) => !key.endsWith(':classify:meta'))).toEqual([]);
  });

  it('finds inconsistent checkpoints, says what repairs them and changes nothing', async () => {
    const account = await openCliAccount({
      sandbox: { library: { workspaces: [{ name: 'Studio' }], tests: [{ kind: 'survey' }] } },
    });
    await account.produceAll();
    const { client, checkpoints } = account.runtime;
    await client.del(`${checkpoints.prefix}:open`);
    await client.hset(`${checkpoints.prefix}:counts`, 'survey|x', '3');
    const before = await client.hgetall(`${checkpoints.prefix}:runs`);
    const { code, lines } = await doctor(account.env);
    expect(code).toBe(1);
    expect(lines.join('\n')).toMatch(
      /\[FAIL\] Checkpoints +inconsistent.*1 run whose.*totals.*3 verdicts lost; npm start repairs this/,
    );
    expect(await client.hgetall(`${checkpoints.prefix}:runs`)).toEqual(before);
  });

  it('names every problem of the settings, and exits with 2', async () => {
    const { code, text } = await examined({ REQUEST_INTERVAL_MS: 'x', WORKER_SLOTS: '0', CLIENT_ID: '' });
    expect(code).toBe(2);
    expect(text).toMatch(/\[FAIL\].*REQUEST_INTERVAL_MS[\s\S]*WORKER_SLOTS[\s\S]*CLIENT_ID/);
  });

  it.skipIf(process.platform === 'win32')('finds a settings file that other users can read', async () => {
    const account = await openCliAccount();
    const file = join(dirname(account.runtime.settings.stateDir), '.env');
    await writeFile(file, 'WORKER_SLOTS=2\n', { mode: 0o600 });
    expect((await doctor({ ...account.env, ENV_FILE: file })).code).toBe(0);
    await chmod(file, 0o644);
    const { code, lines } = await doctor({ ...account.env, ENV_FILE: file });
    expect(code).toBe(1);
    expect(lines.join('\n')).toMatch(/\[FAIL\] Settings .*can be read by every user of this machine.*chmod 600/);
  });

  it('checks everything else when credentials are missing', async () => {
    const { code, text } = await examined({ CLIENT_SECRET: '' });
    expect(code).toBe(2);
    expect(text).toMatch(/CLIENT_SECRET is missing[\s\S]*\[PASS\] Redis/);
  });

  it('finds a board that anyone could open', async () => {
    const { code, text } = await examined({ BOARD_HOST: '0.0.0.0' });
    expect(code).toBe(2);
    expect(text).toMatch(/\[FAIL\].*BOARD_PASSWORD/);
  });

  it('finds a wrong secret though a valid token is shared, prints none of it, and exits with 3', async () => {
    const account = await openCliAccount();
    await account.account.tokens.current();
    const { code, lines } = await doctor({ ...account.env, CLIENT_SECRET: 'a-wrong-secret' });
    expect(code).toBe(3);
    expect(lines.join('\n')).toMatch(/\[FAIL\] Credentials .*CLIENT_ID and CLIENT_SECRET/);
    expect(lines.join('\n')).not.toContain('a-wrong-secret');
  });

  it('finds an API and a Redis that do not answer, without the password', async () => {
    const away = { API_BASE_URL: 'http://127.0.0.1:9', REDIS_URL: 'redis://:hunter2222@127.0.0.1:9' };
    const { code, text } = await examined(away);
    expect(code).toBe(1);
    expect(text).toMatch(/\[FAIL\] API .*127\.0\.0\.1:9[\s\S]*\[FAIL\] Redis .*127\.0\.0\.1:9/);
    expect(text).not.toContain('hunter2222');
  });

  it('finds a proxy that refuses the tunnel, and blames neither the API nor the credentials', async () => {
    const proxy = await forwardProxy(() => refusal('403 Forbidden'));
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    const away = { API_BASE_URL: 'https://api.test', TOKEN_URL: 'https://tokens.test/token' };
    const HTTPS_PROXY = `http://someone:hunter2222@127.0.0.1:${proxy.port}`;
    const { code, text } = await examined({ ...away, HTTPS_PROXY });
    expect(code).toBe(1);
    expect(text).toMatch(/\[PASS\] Proxy +api\.test is reached through 127\.0\.0\.1:\d+ with a user \(HTTPS_PROXY\)/);
    expect(text).toMatch(/\[FAIL\] API .*the proxy at 127\.0\.0\.1:\d+ refused the tunnel \(403\).*HTTPS_PROXY/);
    expect(text).toMatch(/\[FAIL\] Credentials .*refused the tunnel \(403\)/);
    expect(text).not.toMatch(/hunter2222|someone|CLIENT_SECRET/);
  });

  it('finds a state folder that cannot be written, and one that is of another account', async () => {
    const account = await openCliAccount();
    const { stateDir } = account.runtime.settings;
    await writeFile(stateDir, 'in the way');
    const blocked = await doctor(account.env);
    expect(blocked.code).toBe(1);
    expect(blocked.lines.join('\n')).toMatch(/\[FAIL\] STATE_DIR .*EEXIST/);
    const folder = `${stateDir}-of-another`;
    await mkdir(folder);
    await writeFile(join(folder, 'manifest.json'), '{"prefix":"{another}"}');
    const foreign = await doctor({ ...account.env, STATE_DIR: folder });
    expect(foreign.code).toBe(1);
    expect(foreign.lines.join('\n')).toContain('belong to QUEUE_PREFIX {another}');
  });

  it('finds a process that works at another pace', async () => {
    const account = await openCliAccount();
    const other = { role: 'worker', host: 'h', pid: 1, slots: 1, intervalMs: 777 };
    await account.account.pace.attach('one', other);
    const { code, lines } = await doctor(account.env);
    expect(code).toBe(0);
    expect(lines.join('\n')).toMatch(/\[WARN\] Pace .*777 applies/);
  });
});

describe('doctor --notify', () => {
  it('sends a test, and says what the server answered; of the address it shows the host alone', async () => {
    let status = 200;
    const server = await answeringServer((response) => response.writeHead(status).end('ok'));
    onTestFinished(() => server[Symbol.asyncDispose]());
    const account = await openCliAccount({ env: { NOTIFY_URL: `${server.url}/T0KEN` } });
    const found = async () =>
      (await doctor(account.env, { notify: true })).lines.find((line) => line.includes('Notify'));
    expect(await found()).toMatch(/^\[PASS\] Notify +a test was sent; 127\.0\.0\.1:\d+ answered 200 \(ok\)$/);
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({
      event: 'test',
      id: expect.stringMatching(/^test:/),
    });
    status = 404;
    expect(await found()).toMatch(/^\[FAIL\] Notify +127\.0\.0\.1:\d+ answers 404 \(ok\)\. Check NOTIFY_URL/);
  });

  it('without NOTIFY_URL says what to set', async () => {
    const account = await openCliAccount();
    const { code, lines } = await doctor(account.env, { notify: true });
    expect([code, lines.at(-1)]).toEqual([2, expect.stringContaining('NOTIFY_URL is not set')]);
  });
});

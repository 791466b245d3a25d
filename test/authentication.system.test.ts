import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { libraryOf, openSystemBench, type SystemBench } from './support/system-bench.ts';
import { until } from './support/until.ts';

const patience = 60_000;
const library = { seed: 12, tests: 40, workspaces: 2 };

/** Waits until all tests have their outcome, and writes the files. */
async function finished(bench: SystemBench): Promise<void> {
  await until(
    'all tests have an outcome',
    async () => (await bench.redis.hlen(`${bench.prefix}:open`)) === 0,
    patience,
  );
  expect(await bench.launch('exporter', ['--once']).ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
}

/** Statuses of the answers that the Results API gave, each once. */
const statuses = (bench: SystemBench): unknown[] => [...new Set(bench.asked().map(({ status }) => status))].sort();

it.concurrent('tokens that live for seconds are replaced ahead of expiry, once for all workers, so that no request is refused', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library, tokenLifeSeconds: 10 },
    settings: { REQUEST_INTERVAL_MS: '120' },
  });
  await bench.launch('producer', ['--all']).ended;
  const before = bench.sandbox.tokensIssued();
  const startedAt = Date.now();
  for (let worker = 0; worker < 3; worker += 1) bench.launch('worker');
  await finished(bench);
  const halfLives = Math.ceil((Date.now() - startedAt) / 5_000) + 1;
  const issued = bench.sandbox.tokensIssued() - before;
  expect(issued).toBeGreaterThan(1);
  expect(issued).toBeLessThanOrEqual(halfLives);
  expect(statuses(bench)).toEqual([200, 404]);
  expect(bench.asked()).toHaveLength(bench.least());
});

it.concurrent('a token revoked in the middle of a run is replaced once for all workers, and no try has failed', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library, latency: [20, 60] },
    settings: { STEP_RETRIES: '0', WORKER_SLOTS: '3' },
  });
  await bench.launch('producer', ['--all']).ended;
  for (let worker = 0; worker < 3; worker += 1) bench.launch('worker');
  for (const count of [10, 40, 70]) {
    await until(`${count} requests`, () => bench.asked().length >= count, patience);
    bench.sandbox.revokeTokens();
  }
  await finished(bench);
  expect(bench.sandbox.tokensIssued()).toBe(4);
  const refused = bench.asked().filter(({ status }) => status === 401);
  expect(refused.length).toBeGreaterThanOrEqual(3);
  expect(bench.asked()).toHaveLength(bench.least() + refused.length);
});

it.concurrent('an ACCESS_TOKEN of the settings is used while it is good, and replaced when it is refused', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: libraryOf('survey') } });
  const EXPIRES_IN = String(Math.floor(Date.now() / 1000) + 3600);
  const ended = await bench.start({ ACCESS_TOKEN: 'of-another-account', EXPIRES_IN });
  expect(ended).toEndWith({ code: 0 });
  expect(ended.stdout + ended.stderr).not.toContain('of-another-account');
  expect(bench.sandbox.tokensIssued()).toBe(1);
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent('401 for every token pauses the queue, says what to do and exits with 3; workers wait; the next start finishes', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: libraryOf('survey', 'classic', 'think-out-loud', 'interaction (qx)') },
    settings: { WORKER_SLOTS: '1' },
  });
  const { sandbox, redis, prefix } = bench;
  sandbox.faults.add({ kind: 'status', status: 401, endpoint: 'results' });
  const refused = await bench.start();
  expect(refused).toEndWith({ code: 3 });
  expect(refused.stderr).toMatch(/refuses new access tokens \(401\).*Check that CLIENT_ID has access/);
  expect(await redis.get(`${prefix}:held`)).toMatch(/^auth/);
  expect(await redis.hexists(`${prefix}:classify:meta`, 'paused')).toBe(1);
  const { errors } = await bench.files();
  expect(Object.values(errors)).toMatchObject([{ type: 'auth_error', status: 401 }]);
  const asked = bench.asked().length;
  expect(asked).toBeLessThanOrEqual(4);

  const worker = bench.launch('worker');
  await worker.said('the queue is paused: waiting');
  expect(bench.asked()).toHaveLength(asked);

  sandbox.faults.clear();
  expect(await bench.start()).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  expect(await redis.exists(`${prefix}:held`)).toBe(0);
  expect(await worker.stop()).toEndWith({ code: 0 });
});

it.concurrent.for(['producer', 'cli'])(
  'a %s whose token the listing refuses exits with 3 and says what to do',
  async (app, { onTestFinished }) => {
    const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: libraryOf('survey') } });
    bench.sandbox.faults.add({ kind: 'status', status: 401, endpoint: 'workspaces' });
    const ended = await bench.launch(app, app === 'cli' ? ['start', '--all'] : ['--all']).ended;
    expect(ended).toEndWith({ code: 3 });
    expect(ended.stderr).toMatch(/401.*Check/s);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  },
);

it.concurrent('a token endpoint that is down for a while is asked again, at the start and in the middle of a run', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library },
    settings: { STEP_RETRIES: '0', REQUEST_INTERVAL_MS: '40' },
  });
  const { faults } = bench.sandbox;
  faults.add({ kind: 'status', status: 503, endpoint: 'token', count: 1 });
  faults.add({ kind: 'reset', endpoint: 'token', count: 1 });
  const program = bench.launch('cli', ['start', '--all']);
  await until('some requests', () => bench.asked().length >= 10, patience);
  for (const kind of ['not-json', 'reset-in-body', 'reset'] as const) faults.add({ kind, endpoint: 'token', count: 2 });
  bench.sandbox.revokeTokens();
  expect(await program.ended).toEndWith({ code: 0 });
  expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
});

it.concurrent.for([400, 401, 403])(
  'a firewall that answers refreshes of the token with %i and a page ends nothing: the old token goes on being used',
  async (status, { onTestFinished }) => {
    const bench = await openSystemBench({
      afterTest: onTestFinished,
      sandbox: { library, tokenLifeSeconds: 8 },
      settings: { REQUEST_INTERVAL_MS: '100', STEP_RETRIES: '0' },
    });
    const program = bench.launch('cli', ['start', '--all']);
    await until('some requests', () => bench.asked().length >= 10, patience);
    const issued = bench.sandbox.tokensIssued();
    const body = '<html><title>Request blocked</title></html>';
    bench.sandbox.faults.add({ kind: 'status', status, body, endpoint: 'token', count: 3 });
    await until('a refresh that was let through', () => bench.sandbox.tokensIssued() > issued, patience);
    expect(await program.ended).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    expect(statuses(bench)).toEqual([200, 404]);
  },
);

it.concurrent('a token endpoint behind a firewall that stays is not said to refuse the credentials', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: libraryOf('survey') } });
  bench.sandbox.faults.add({ kind: 'status', status: 403, body: '<html>', endpoint: 'token' });
  const ended = await bench.launch('cli', ['token', '--force']).ended;
  expect(ended).toEndWith({ code: 1 });
  expect(ended.stderr).toMatch(/answered 403, but with no error of OAuth/);
  expect(ended.stderr).not.toMatch(/CLIENT_|credentials/);
});

it.concurrent('a worker with a wrong secret ends with 3 and takes nobody along; one with the right secret goes on', async ({
  onTestFinished,
}) => {
  const bench = await openSystemBench({
    afterTest: onTestFinished,
    sandbox: { library: libraryOf('survey', 'classic', 'think-out-loud') },
    settings: { STEP_RETRIES: '0' },
  });
  await bench.launch('producer', ['--all']).ended;
  bench.sandbox.revokeTokens();
  const wrong = await bench.launch('worker', [], { CLIENT_SECRET: 'a-wrong-secret' }).ended;
  expect(wrong).toEndWith({ code: 3 });
  expect(wrong.stderr).toMatch(/refuses the credentials.*Check CLIENT_ID and CLIENT_SECRET/);
  expect(wrong.stderr).not.toContain('a-wrong-secret');
  expect(await bench.redis.exists(`${bench.prefix}:held`)).toBe(0);
  bench.launch('worker');
  await finished(bench);
});

it.concurrent('a new token is written back to the settings file, whose mode and other lines stay', async ({
  onTestFinished,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'env-file-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'settings');
  const bench = await openSystemBench({ afterTest: onTestFinished, sandbox: { library: libraryOf('survey') } });
  const { clientId, clientSecret } = bench.sandbox;
  const text = `# our account\nCLIENT_ID='${clientId}'\n\nexport CLIENT_SECRET="${clientSecret}" # secret\nUNKNOWN=1\nACCESS_TOKEN=\nEXPIRES_IN=1\n`;
  await writeFile(file, text);
  await chmod(file, 0o640);
  const ended = await bench.start({ ENV_FILE: file, CLIENT_ID: '', CLIENT_SECRET: '' });
  expect(ended).toEndWith({ code: 0 });
  const lines = (await readFile(file, 'utf8')).split('\n');
  const isToken = (line: string): boolean => /^(ACCESS_TOKEN|EXPIRES_IN)=/.test(line);
  expect(lines.filter((line) => !isToken(line))).toEqual(text.split('\n').filter((line) => !isToken(line)));
  const [token = '', expiry = ''] = lines.filter(isToken);
  expect(token).toMatch(/^ACCESS_TOKEN=['"]?sandbox-token-1-[0-9a-f]{32}['"]?$/);
  const seconds = Number(expiry.replace(/\D/g, ''));
  expect(Math.abs(seconds - Date.now() / 1000 - 3600)).toBeLessThan(60);
  expect((await stat(file)).mode & 0o777).toBe(0o640);

  // The next process takes it from there: no second token is asked for, also when Redis has forgotten it.
  await bench.redis.unlink(await bench.redis.keys(`${bench.prefix.replace(/[{}]/g, '?')}*`));
  expect(await bench.start({ ENV_FILE: file, CLIENT_ID: '', CLIENT_SECRET: '' })).toEndWith({ code: 0 });
  expect(bench.sandbox.tokensIssued()).toBe(1);
});

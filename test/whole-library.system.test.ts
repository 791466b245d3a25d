import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { openTestAccount, type TestAccount } from './support/account.ts';
import { leastRequests } from './support/needed-probes.ts';
import { runProgram, startProgram } from './support/program.ts';

const library = { seed: 7, tests: 60, workspaces: 4, sharedTests: 5, nasty: true };

let account: TestAccount;
beforeEach(async () => {
  account = await openTestAccount({ library }, inject('redisUrl'));
});
afterEach(() => account.close());

const start = () => runProgram('cli', ['start', '--all'], account.settings);

describe('npm start', () => {
  it('finds out what every test is, with the least possible requests and not one 429', async () => {
    const ended = await start();
    expect(ended).toEndWith({ code: 0 });
    expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
    const { results } = account.sandbox.statistics();
    expect(results).toMatchObject({ count: leastRequests(account.sandbox.library), throttled: 0, repeated: 0 });
  });

  it('prints a line for each finished test, then summary and checks in the words of the tutorial', async () => {
    const { stdout } = await start();
    expect(stdout.match(/^\[\d+\/\d+\] /gm)).toHaveLength(60);
    expect(stdout).toContain('[60/60] ');
    for (const words of [
      'Done. Processing complete.',
      'UTZ total: ',
      '✓ Results saved to:',
      '[PASS] No processing errors',
    ]) {
      expect(stdout).toContain(words);
    }
  });

  it('writes records as the tutorial does: its keys in its order, names as they are, two spaces', async () => {
    await start();
    const text = await readFile(join(account.stateDir, 'utz_tests.json'), 'utf8');
    expect(text).toBe(JSON.stringify(JSON.parse(text), null, 2));
    const [first] = (await account.files()).utz;
    expect(Object.keys(first ?? {}).slice(0, 3)).toEqual(['test_uuid', 'workspace_uuid', 'workspace_name']);
    expect(text).not.toMatch(/\\u/);
  });
});

describe('a second run', () => {
  const sessionless = () => [...account.sandbox.library.tests()].filter(({ kind }) => kind === 'no-sessions');

  it('asks only for the tests without sessions', async () => {
    await start();
    account.sandbox.resetRequests();
    expect(await start()).toEndWith({ code: 0 });
    expect(account.sandbox.statistics().results.count).toBe(sessionless().length);
    expect(sessionless().length).toBeGreaterThan(0);
  });

  it('makes no Results request when there is nothing left to find out', async () => {
    for (const { uuid } of sessionless()) account.sandbox.library.changeTest(uuid, { sessions: 2 });
    await start();
    account.sandbox.resetRequests();
    expect(await start()).toEndWith({ code: 0 });
    expect(account.sandbox.statistics().results.count).toBe(0);
  });

  it('finds tests that were added and classifies tests that got sessions', async () => {
    await start();
    const [workspace] = account.sandbox.library.workspaces();
    account.sandbox.library.addTest({ kind: 'think-out-loud', workspaces: [workspace?.uuid ?? ''] });
    for (const { uuid } of sessionless()) account.sandbox.library.changeTest(uuid, { sessions: 1 });
    expect(await start()).toEndWith({ code: 0 });
    expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
  });

  it('writes deleted state files again', async () => {
    await start();
    await rm(account.stateDir, { recursive: true });
    await start();
    expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
  });
});

describe('a lost Redis', () => {
  it('is filled from the state files, so that no decided test is asked about again', async () => {
    await start();
    await forgetEverything();
    account.sandbox.resetRequests();
    const { stdout, code } = await start();
    expect(code).toBe(0);
    const sessionless = account.expected().utz.filter(({ test_type }) => test_type === undefined);
    expect(account.sandbox.statistics().results.count).toBe(sessionless.length);
    expect(stdout).toContain(`[${sessionless.length}/${sessionless.length}]`);
    expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
  });

  it('is filled from files that the Python script wrote, before the first request', async () => {
    await start();
    const { utz, classic } = await account.files();
    await forgetEverything();
    // The script's order of keys and of records, its escapes, its errors.
    const python = (value: unknown) =>
      JSON.stringify(value, null, 2).replace(/[^ -~\n]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    await writeFile(join(account.stateDir, 'utz_tests.json'), python([...utz].reverse()));
    await writeFile(join(account.stateDir, 'classicut_tests.json'), python(classic));
    const failed = { [utz[0]?.test_uuid ?? '']: { status: 500, body: 'gone', type: 'unclassified_error' } };
    await writeFile(join(account.stateDir, 'errors.json'), python(failed));
    account.sandbox.resetRequests();
    await start();
    expect(await account.files()).toEqual({ ...account.expected(), errors: {} });
  });

  async function forgetEverything(): Promise<void> {
    const redis = new Redis(inject('redisUrl'));
    const keys = await redis.keys(`${account.settings['QUEUE_PREFIX']?.replace(/[[\]]/g, '?')}*`);
    await redis.unlink(...keys);
    redis.disconnect();
  }
});

describe('four separate processes', () => {
  it('do the same as npm start', async () => {
    const workers = [1, 2].map(() => startProgram('worker', [], account.settings));
    const exporter = startProgram('exporter', [], account.settings);
    const producer = await runProgram('producer', ['--all'], account.settings);
    expect(producer).toEndWith({ code: 0 });
    await expect
      .poll(async () => account.files().catch(() => null), { timeout: 60_000, interval: 100 })
      .toEqual({ ...account.expected(), errors: {} });
    for (const program of [...workers, exporter]) program.kill('SIGTERM');
    for (const program of [...workers, exporter]) expect(await program.ended).toEndWith({ code: 0 });
    const { results } = account.sandbox.statistics();
    expect(results).toMatchObject({ count: leastRequests(account.sandbox.library), repeated: 0 });
  });
});

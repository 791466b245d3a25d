import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ended } from './support/program.ts';
import { openSystemBench, type SystemBench } from './support/system-bench.ts';

const library = { seed: 7, tests: 60, workspaces: 4, sharedTests: 5, nasty: true };

const openBench = (afterTest: (work: () => Promise<void>) => void): Promise<SystemBench> =>
  openSystemBench({ afterTest, sandbox: { library } });

/** After a first start. */
async function startedBench(afterTest: (work: () => Promise<void>) => void): Promise<SystemBench> {
  const bench = await openBench(afterTest);
  expect(await bench.start()).toEndWith({ code: 0 });
  return bench;
}

const sessionless = ({ tests }: SystemBench) => tests.filter(({ kind }) => kind === 'no-sessions');

describe('npm start', () => {
  let bench: SystemBench;
  let ended: Ended;
  beforeAll(async () => {
    bench = await openBench(() => undefined);
    ended = await bench.start();
    return bench.close;
  });

  it('finds out what every test is, with the least possible requests and not one 429', async () => {
    expect(ended).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
    const { results } = bench.sandbox.statistics();
    expect(results).toMatchObject({ count: bench.least(), throttled: 0, repeated: 0 });
  });

  it('prints a line for each finished test, then summary and checks in the words of the tutorial', () => {
    const { stdout } = ended;
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
    const text = await readFile(join(bench.stateDir, 'utz_tests.json'), 'utf8');
    expect(text).toBe(JSON.stringify(JSON.parse(text), null, 2));
    const [first] = (await bench.files()).utz;
    expect(Object.keys(first ?? {}).slice(0, 3)).toEqual(['test_uuid', 'workspace_uuid', 'workspace_name']);
    expect(text).not.toMatch(/\\u/);
  });
});

describe.concurrent('a second run', () => {
  it('asks only for the tests without sessions', async ({ onTestFinished }) => {
    const bench = await startedBench(onTestFinished);
    bench.sandbox.resetRequests();
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(bench.sandbox.statistics().results.count).toBe(sessionless(bench).length);
    expect(sessionless(bench).length).toBeGreaterThan(0);
  });

  it('makes no Results request when there is nothing left to find out', async ({ onTestFinished }) => {
    const bench = await openBench(onTestFinished);
    for (const { uuid } of sessionless(bench)) bench.sandbox.library.changeTest(uuid, { sessions: 2 });
    await bench.start();
    bench.sandbox.resetRequests();
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(bench.sandbox.statistics().results.count).toBe(0);
  });

  it('finds tests that were added and classifies tests that got sessions', async ({ onTestFinished }) => {
    const bench = await startedBench(onTestFinished);
    const [workspace] = bench.sandbox.library.workspaces();
    bench.sandbox.library.addTest({ kind: 'think-out-loud', workspaces: [workspace?.uuid ?? ''] });
    for (const { uuid } of sessionless(bench)) bench.sandbox.library.changeTest(uuid, { sessions: 1 });
    expect(await bench.start()).toEndWith({ code: 0 });
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  });

  it('writes deleted state files again', async ({ onTestFinished }) => {
    const bench = await startedBench(onTestFinished);
    await rm(bench.stateDir, { recursive: true });
    await bench.start();
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  });
});

describe.concurrent('a lost Redis', () => {
  it('is filled from the state files, so that no decided test is asked about again', async ({ onTestFinished }) => {
    const bench = await startedBench(onTestFinished);
    await forgetEverything(bench);
    bench.sandbox.resetRequests();
    const { stdout, code } = await bench.start();
    expect(code).toBe(0);
    const sessionless = bench.expected().utz.filter(({ test_type }) => test_type === undefined);
    expect(bench.sandbox.statistics().results.count).toBe(sessionless.length);
    expect(stdout).toContain(`[${sessionless.length}/${sessionless.length}]`);
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  });

  it('is filled from files that the Python script wrote, before the first request', async ({ onTestFinished }) => {
    const bench = await startedBench(onTestFinished);
    const { utz, classic } = await bench.files();
    await forgetEverything(bench);
    // The script's order of keys and of records, its escapes, its errors.
    const python = (value: unknown) =>
      JSON.stringify(value, null, 2).replace(/[^ -~\n]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    await writeFile(join(bench.stateDir, 'utz_tests.json'), python([...utz].reverse()));
    await writeFile(join(bench.stateDir, 'classicut_tests.json'), python(classic));
    const failed = { [utz[0]?.test_uuid ?? '']: { status: 500, body: 'gone', type: 'unclassified_error' } };
    await writeFile(join(bench.stateDir, 'errors.json'), python(failed));
    bench.sandbox.resetRequests();
    await bench.start();
    expect(await bench.files()).toEqual({ ...bench.expected(), errors: {} });
  });

  async function forgetEverything({ redis, prefix }: SystemBench): Promise<void> {
    await redis.unlink(...(await redis.keys(`${prefix}*`)));
  }
});

describe.concurrent('four separate processes', () => {
  it('do the same as npm start', async ({ expect, onTestFinished }) => {
    const bench = await openBench(onTestFinished);
    const workers = [1, 2].map(() => bench.launch('worker'));
    const exporter = bench.launch('exporter');
    const producer = await bench.launch('producer', ['--all']).ended;
    expect(producer).toEndWith({ code: 0 });
    await expect
      .poll(async () => bench.files().catch(() => null), { timeout: 60_000, interval: 100 })
      .toEqual({ ...bench.expected(), errors: {} });
    for (const program of [...workers, exporter]) program.kill('SIGTERM');
    for (const program of [...workers, exporter]) expect(await program.ended).toEndWith({ code: 0 });
    const { results } = bench.sandbox.statistics();
    expect(results).toMatchObject({ count: bench.least(), repeated: 0 });
  });
});

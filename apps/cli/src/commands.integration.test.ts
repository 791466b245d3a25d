import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openTestAccount, type TestAccount } from '../../../test/support/account.ts';
import { runProgram } from '../../../test/support/program.ts';

const uuid = (digit: number) => `0000000${digit}-0000-4000-8000-000000000000`;
const broken = uuid(1);
const library = {
  workspaces: [{ name: 'Studio' }],
  tests: [
    { kind: 'survey' as const, uuid: broken },
    { kind: 'classic' as const, uuid: uuid(2) },
    { kind: 'no-sessions' as const, uuid: uuid(3) },
  ],
};
const commands = ['plan', 'status', 'explain', 'retry', 'forget', 'verify', 'token', 'doctor'];

/** One account after one run, in which one test ended in an error. */
let account: TestAccount;
beforeAll(async () => {
  account = await openTestAccount({ library }, inject('redisUrl'));
  account.sandbox.faults.add({ kind: 'status', status: 403, endpoint: 'results', testUuid: broken });
  expect((await run('start', '--all')).code).toBe(1);
});
afterAll(() => account.close());

const run = (...words: string[]) => runProgram('cli', words, account.settings);

describe('each command as a process', () => {
  it.each([
    [['plan', '--all'], 0, /1 {2}ended in errors/],
    [['status'], 0, /Errors +1: 1 unclassified_error/],
    [['explain', '00000002'], 0, /ClassicUT[\s\S]*sessionResults said 404/],
    [['explain', 'zzz'], 1, /No test zzz is known/],
    [['verify'], 0, /\[WARN\] errors\.json contains 1 record/],
    [['token'], 0, /valid until/],
    [['doctor'], 0, /\[PASS\] Credentials/],
    [['retry', uuid(2)], 1, /not ended in an error/],
    [['retry'], 0, /1 test enqueued again/],
    [['forget', uuid(2)], 0, /1 test forgotten/],
  ])('%j', async (words, code, text) => {
    const ended = await run(...words);
    expect(ended.stdout).toMatch(text);
    expect(ended.code).toBe(code);
    expect(ended.stdout + ended.stderr).not.toMatch(/\n\s+at |sandbox-secret|sandbox-token/);
    // Colours are for terminals.
    expect(ended.stdout).not.toContain('\u001b');
  });

  it.each([
    [['plan'], { to_probe: expect.any(Number), requests: { low: expect.any(Number) } }],
    [['status'], { prefix: expect.any(String), workers: [] }],
    [['explain', broken], { tests: [{ test_uuid: broken }] }],
    [['verify'], { passed: true }],
    [['token', '--force'], { expires_at: expect.any(String) }],
    [['doctor'], { passed: true }],
    [['retry', 'nope'], { enqueued: [], unknown: [{ word: 'nope' }] }],
    [['forget', 'nope'], { forgotten: [] }],
  ])('%j --json prints one JSON object and nothing else to stdout', async (words, object) => {
    expect(JSON.parse((await run(...words, '--json')).stdout)).toMatchObject(object);
  });

  it('everything can be forgotten, which empties the files', async () => {
    expect(await run('forget', '--all')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await run('forget', '--all', '--yes')).toMatchObject({ code: 0 });
    expect(await account.files()).toEqual({ utz: [], classic: [], errors: {} });
  });
});

describe('the command line', () => {
  it('scripts of earlier versions, which name the cli before the command, go on working', () => {
    const launcher = fileURLToPath(new URL('../../../bin/run.mjs', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [launcher, 'cli', 'status', '--help'], { encoding: 'utf8' });
    expect(stdout).toContain('status -- [options]');
    expect(status).toBe(0);
  });

  it.each(commands)('%s --help fits on a screen, with an example', async (command) => {
    const { stdout, code } = await run(command, '--help');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(24);
    expect(stdout).toContain(`Example: npm run ${command}`);
  });

  it.each(['producer', 'worker', 'exporter', 'board', 'sandbox'])(
    'so does npm run %s -- --help, in a terminal of 80 columns',
    async (app) => {
      const { stdout, code } = await runProgram(app, ['--help'], {});
      expect(code).toBe(0);
      expect(stdout).toMatch(
        new RegExp(`^Usage: npm run ${app} -- \\[options\\]\\n[^]*\\nExample: .*npm run .*${app}`),
      );
      const lines = stdout.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(app === 'sandbox' ? 30 : 24);
      expect(lines.filter((line) => line.length > 80 && !line.startsWith('Example'))).toEqual([]);
    },
  );

  it.each([
    [['statsu'], /Did you mean status\?/],
    [['plan', '--al'], /Did you mean --all\?/],
    [['explain'], /missing required argument/],
    [['forget'], /Say what to forget/],
    [['plan', '--all', '--workspace-uuid', 'x'], /either --all or --workspace/],
  ])('%j is wrong usage, which is said', async (words, text) => {
    expect(await run(...words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(text) });
  });

  it('wrong settings are found before anything is asked; doctor lists them on stdout', async () => {
    const settings = { ...account.settings, CLIENT_ID: '', WORKER_SLOTS: 'x' };
    const planned = await runProgram('cli', ['plan'], settings);
    expect(planned).toMatchObject({ code: 2, stderr: expect.stringMatching(/WORKER_SLOTS[\s\S]*CLIENT_ID/) });
    const examined = await runProgram('cli', ['doctor'], settings);
    expect(examined).toMatchObject({ code: 2, stdout: expect.stringMatching(/WORKER_SLOTS[\s\S]*CLIENT_ID/) });
  });

  it('refused credentials end plan and doctor with 3', async () => {
    const settings = { ...account.settings, QUEUE_PREFIX: '{other}', CLIENT_SECRET: 'a-wrong-secret' };
    for (const command of ['plan', 'doctor']) {
      const ended = await runProgram('cli', [command], settings);
      expect(ended.code).toBe(3);
      expect(ended.stdout + ended.stderr).toMatch(/refuses the credentials/);
    }
  });

  it('token puts the token into the settings file that there is, keeping the rest', async () => {
    const file = join(account.stateDir, '..', 'settings.env');
    await writeFile(file, '# mine\nACCESS_TOKEN=\n');
    const ended = await runProgram('cli', ['token', '--json'], { ...account.settings, ENV_FILE: file });
    expect(JSON.parse(ended.stdout)).toMatchObject({ file });
  });
});

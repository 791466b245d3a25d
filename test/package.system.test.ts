import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { environmentWith } from '@inventory/config';
import { afterAll, expect, inject, it, onTestFinished } from 'vitest';
import { openTestAccount } from './support/account.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const run = promisify(execFile);
/** A folder with nothing in it but what npm has installed from the tarball, without asking a registry. */
const folder = await temporaryFolder((work) => afterAll(work));
const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]);
const tarball = join(folder, JSON.parse(packed.stdout)[0].filename);
await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder });

const command = join(folder, 'node_modules/.bin/usertesting-inventory');
const inFolder = { cwd: folder, env: { ...environmentWith({}), ENV_FILE: '' } };
const inventory = (...args: string[]) => run(command, args, inFolder);

it('the installed package has no dependencies, and ships the licences of what it contains', async () => {
  expect(await readdir(join(folder, 'node_modules'))).toEqual(['.bin', '.package-lock.json', 'usertesting-inventory']);
  const licences = await readFile(join(folder, 'node_modules/usertesting-inventory/dist/LICENSES.txt'), 'utf8');
  const named = [...licences.matchAll(/^== (\S+) [\d.]+ \([\w. -]+\)\n\n./gm)].map(([, name]) => name);
  expect(named).toEqual(expect.arrayContaining(['@bull-board/ui', 'bullmq', 'ioredis', 'preact']));
  expect(licences).not.toContain('undefined');
});

it('the command says its version, its own name, and what to type', async () => {
  expect((await inventory('--version')).stdout).toBe('0.1.0\n');
  const { stdout } = await inventory('start', '--help');
  expect(stdout).toMatch(/^Usage: usertesting-inventory start \[options\]\n/);
  expect(stdout).toContain('\nExample: usertesting-inventory start --workspace ');
  await expect(inventory('start')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`make a file ${join(folder, '.env')} with a line CLIENT_ID=…`),
  });
});

it.each(['bash', 'zsh'])('%s completes commands, options and their values', async (shell) => {
  const { stdout: script } = await inventory('completion', shell);
  const complete = (words: string) => `COMP_WORDS=(x ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1));
    _usertesting_inventory x "\${COMP_WORDS[COMP_CWORD]}"; echo "\${COMPREPLY[*]}"`;
  const asked = `${script.replace(/^autoload.*\n/, '')}\n${complete('st')}\n${complete('exporter --o')}
    ${complete('exporter --format ""')}\n${complete('exporter --out ""')}`;
  expect((await run('bash', ['-c', asked])).stdout).toBe('start status\n--once --out\ncsv ndjson parquet\n\n');
});

it.concurrent('the demo runs', async ({ expect }) => {
  const { stdout } = await inventory('demo');
  expect(stdout).toContain('refused 0 of them (429)');
  expect(stdout).toContain('install -m 600 node_modules/usertesting-inventory/.env.example .env');
});

it.concurrent('a run, the status and the board take .env, state and data from the folder they are started in', async ({
  expect,
}) => {
  const account = await openTestAccount({ library: { tests: 20, seed: 4 } }, inject('redisUrl'));
  onTestFinished(() => account.close());
  const { STATE_DIR: _, DATA_DIR: __, ...settings } = account.settings;
  const lines = Object.entries({ ...settings, BOARD_PORT: '0' }).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(join(folder, '.env'), lines.join(''), { mode: 0o600 });
  expect((await inventory('start', '--all')).stdout).toContain('[PASS]');
  expect(JSON.parse(await readFile(join(folder, 'state/utz_tests.json'), 'utf8'))).toEqual(account.expected().utz);
  expect((await inventory('status')).stdout).toMatch(/Tests +20 known/);
  const board = spawn(command, ['board'], { ...inFolder, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void board.kill());
  const [said] = await once(board.stdout, 'data');
  const [url = ''] = /http:\S+/.exec(String(said)) ?? [];
  for (const path of ['', 'assets/main.js', 'queues', 'queues/static/favicon.ico', 'metrics']) {
    expect((await fetch(`${url}/${path}`)).status, path).toBe(200);
  }
});

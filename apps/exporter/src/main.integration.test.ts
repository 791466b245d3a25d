import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCheckpoints } from '@inventory/checkpoints';
import { openRedis } from '@inventory/redis';
import { expect, onTestFinished, test } from 'vitest';
import { addTests } from '../../../test/support/checkpoints-in-use.ts';
import { readState } from '../../../test/support/read-state.ts';
import { recordedLogger } from '../../../test/support/recorded-logger.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { until } from '../../../test/support/until.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

function run(args: readonly string[], settings: Readonly<Record<string, string>>) {
  const env = { PATH: process.env['PATH'] ?? '', ENV_FILE: 'none', LOG_FORMAT: 'json', ...settings };
  const options = ['--conditions=source', '--import', 'tsx', main, ...args];
  const child: ChildProcess = spawn(process.execPath, options, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ code, ...said }));
  return { child, ended, said };
}

/** Settings for a folder of its own, with the embedded Redis held open by this process. */
async function home() {
  const folder = await temporaryFolder(onTestFinished);
  const settings = { STATE_DIR: join(folder, 'state'), DATA_DIR: join(folder, 'data'), EXPORT_INTERVAL_MS: '100' };
  const { logger } = recordedLogger();
  const redis = await openRedis({ redisUrl: '', dataDir: settings.DATA_DIR, name: 'test', logger });
  onTestFinished(() => redis.close());
  return { settings, checkpoints: await openCheckpoints(redis.connect('test'), '{classify}') };
}

test('--once writes the files and says where they are and what they hold', async () => {
  const { settings, checkpoints } = await home();
  await checkpoints.import.ensureInUse(() => addTests(checkpoints, 60));
  const { code, out } = await run(['--once'], settings).ended;
  expect(out.split('\n')).toEqual([
    '✓ Results saved to:',
    `  - ${join(settings.STATE_DIR, 'utz_tests.json')} (50 UTZ tests)`,
    `  - ${join(settings.STATE_DIR, 'classicut_tests.json')} (10 ClassicUT tests)`,
    `  - ${join(settings.STATE_DIR, 'errors.json')} (0 errors)`,
    '',
  ]);
  expect(code).toBe(0);
  expect((await readState(settings.STATE_DIR)).utz).toHaveLength(50);
});

test('it follows the checkpoints until SIGTERM, then flushes and ends with 0', async () => {
  const { settings, checkpoints } = await home();
  const slow = { ...settings, EXPORT_INTERVAL_MS: '3600000' };
  const { child, ended } = run([], slow);
  await until(
    'the empty files are there',
    async () => (await readState(settings.STATE_DIR).catch(() => null)) !== null,
  );
  await addTests(checkpoints, 6);
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
  expect((await readState(settings.STATE_DIR)).utz).toHaveLength(5);
});

test('files that are there are imported when Redis holds nothing, and that is said', async () => {
  const { settings } = await home();
  await mkdir(settings.STATE_DIR);
  await writeFile(join(settings.STATE_DIR, 'utz_tests.json'), '[{"test_uuid": "a", "test_type": "survey"}]');
  const { code, err } = await run(['--once'], settings).ended;
  expect(code).toBe(0);
  expect(err).toContain('imported 1 tests from');
  expect(await readFile(join(settings.STATE_DIR, 'utz_tests.json'), 'utf8')).toContain('"workspace_name": "Unknown"');
});

test('wrong usage and wrong settings end with 2, a folder that cannot be used with 1; no stack', async () => {
  const { settings } = await home();
  const blocked = join(settings.DATA_DIR, 'file');
  await writeFile(blocked, '');
  const cases = [
    [['--twice'], {}, 2, /unknown option/],
    [['more'], {}, 2, /too many arguments/],
    [[], { EXPORT_INTERVAL_MS: 'soon' }, 2, /EXPORT_INTERVAL_MS is "soon"/],
    [['--once'], { STATE_DIR: blocked }, 1, /Something is in the way/],
  ] as const;
  for (const [args, wrong, code, message] of cases) {
    const result = await run(args, { ...settings, ...wrong }).ended;
    expect(result.err).toMatch(message);
    expect(result.err).not.toMatch(/\n\s+at /);
    expect(result.code).toBe(code);
  }
});

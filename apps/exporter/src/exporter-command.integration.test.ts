import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addTests } from '../../../test/support/checkpoints.ts';
import { exporterHome, runExporter } from '../../../test/support/exporter-process.ts';
import { readState } from '../../../test/support/read-state.ts';
import { until } from '../../../test/support/until.ts';

test('--once writes the files and prints their paths and counts', async () => {
  const { settings, checkpoints } = await exporterHome();
  await checkpoints.import.ensureInUse(() => addTests(checkpoints, 7));
  const { code, stdout } = await runExporter(['--once'], settings).ended;
  expect(stdout.split('\n')).toEqual([
    '✓ Results saved to:',
    `  - ${join(settings.STATE_DIR, 'utz_tests.json')} (6 UTZ tests)`,
    `  - ${join(settings.STATE_DIR, 'classicut_tests.json')} (1 ClassicUT test)`,
    `  - ${join(settings.STATE_DIR, 'errors.json')} (0 errors)`,
    '',
  ]);
  expect(code).toBe(0);
  expect((await readState(settings.STATE_DIR)).utz).toHaveLength(6);
});

test('the exporter follows the checkpoints until SIGTERM, then flushes and ends with 0', async () => {
  const { settings, checkpoints } = await exporterHome();
  const slow = { ...settings, EXPORT_INTERVAL_MS: '3600000' };
  const { child, ended } = runExporter([], slow);
  await until(
    'the empty files are there',
    async () => (await readState(settings.STATE_DIR).catch(() => null)) !== null,
  );
  await addTests(checkpoints, 6);
  child.kill('SIGTERM');
  expect(await ended).toEndWith({ code: 0 });
  expect((await readState(settings.STATE_DIR)).utz).toHaveLength(5);
});

test('existing files are imported if Redis is empty, and that is logged', async () => {
  const { settings } = await exporterHome();
  await mkdir(settings.STATE_DIR);
  await writeFile(join(settings.STATE_DIR, 'utz_tests.json'), '[{"test_uuid": "a", "test_type": "survey"}]');
  const { code, stderr } = await runExporter(['--once'], settings).ended;
  expect(code).toBe(0);
  expect(stderr).toContain('imported 1 test from');
  expect(await readFile(join(settings.STATE_DIR, 'utz_tests.json'), 'utf8')).toContain('"workspace_name": "Unknown"');
});

test('wrong usage and settings end with 2, an unusable folder with 1, without a stack trace', async () => {
  const { settings } = await exporterHome();
  const blocked = join(settings.DATA_DIR, 'file');
  await writeFile(blocked, '');
  const cases = [
    [['--twice'], {}, 2, /unknown option/],
    [['more'], {}, 2, /too many arguments/],
    [[], { EXPORT_INTERVAL_MS: 'soon' }, 2, /EXPORT_INTERVAL_MS is "soon"/],
    [['--once'], { STATE_DIR: blocked }, 1, /Something is in the way/],
  ] as const;
  for (const [args, wrong, code, message] of cases) {
    const result = await runExporter(args, { ...settings, ...wrong }).ended;
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(result.code).toBe(code);
  }
});

import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addTests, empty, testUuid } from '../../../test/support/checkpoints.ts';
import { exporterHome, runExporter } from '../../../test/support/exporter-process.ts';
import { until } from '../../../test/support/until.ts';

async function homeWith(count: number) {
  const runtime = await exporterHome();
  await runtime.checkpoints.import.ensureInUse(() => addTests(runtime.checkpoints, count));
  const table = (...args: string[]) => runExporter(['--once', '--format', ...args], runtime.settings);
  return { ...runtime, table, folder: join(runtime.settings.DATA_DIR, '..') };
}

const linesOf = (text: string) => text.split(/\r?\n/).slice(0, -1);

describe('exporter --format', () => {
  it('prints the inventory to stdout and nothing else, as CSV and as NDJSON', async () => {
    const { table, settings } = await homeWith(60);
    const csv = await table('csv').ended;
    expect(csv.code).toBe(0);
    expect(linesOf(csv.stdout)).toHaveLength(61);
    expect(linesOf(csv.stdout)[0]).toMatch(/^test_uuid,title,workspace_uuid,/);
    expect(linesOf(csv.stdout)[1]).toContain(
      `${testUuid(0)},,w0,Büro 0,,UTZ,interaction test,interaction test,imported,imported,`,
    );
    const ndjson = await table('ndjson', '--out', '-').ended;
    expect(linesOf(ndjson.stdout).map((line) => JSON.parse(line).test_uuid)).toEqual(
      Array.from({ length: 60 }, (_, number) => testUuid(number)),
    );
    expect(await readdir(settings.STATE_DIR).catch(() => 'none')).toBe('none');
  });

  it('exports only the tests of a type and of a workspace', async () => {
    const { table } = await homeWith(60);
    const { stdout } = await table('ndjson', '--type', 'survey', '--workspace', 'w2').ended;
    const rows = linesOf(stdout).map((line) => JSON.parse(line));
    expect(rows).toHaveLength(10);
    expect(new Set(rows.map(({ category, workspace_uuid }) => `${category} ${workspace_uuid}`))).toEqual(
      new Set(['survey w2']),
    );
    expect((await table('ndjson', '--type', 'undecided').ended).stdout).toBe('');
  });

  it('replaces a file in one step, keeps its mode and follows a link', async () => {
    const { table, folder } = await homeWith(60);
    const file = join(folder, 'tests.csv');
    const link = join(folder, 'link.csv');
    await writeFile(file, 'old');
    await chmod(file, 0o600);
    await symlink(file, link);
    const { code, stdout } = await table('csv', '--out', link).ended;
    expect(stdout).toBe(`✓ Results saved to:\n  - ${link} (60 tests)\n`);
    expect(code).toBe(0);
    expect(linesOf(await readFile(file, 'utf8'))).toHaveLength(61);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('keeps the old file if the new one cannot be written, and says so', async () => {
    const { table, folder } = await homeWith(6);
    await mkdir(join(folder, 'taken'));
    for (const out of [join(folder, 'taken'), join(folder, 'none', 'tests.csv')]) {
      const { code, stderr } = await table('csv', '--out', out).ended;
      expect(stderr).toMatch(new RegExp(`${out} could not be written \\(its? .*folder.*\\): choose another --out`));
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(code).toBe(1);
    }
  });

  it('writes to a device directly', async () => {
    const { table } = await homeWith(6);
    expect((await table('csv', '--out', '/dev/null').ended).code).toBe(0);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  it('ends quietly when its reader has gone', async () => {
    const { table } = await homeWith(20_000);
    const { child, ended } = table('ndjson');
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { code, stderr } = await ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it('needs no more memory for a large library: 100,000 tests in a heap of 64 MB', async () => {
    const { settings, folder } = await homeWith(100_000);
    const heap = { NODE_OPTIONS: '--max-old-space-size=64 --max-semi-space-size=2' };
    const file = join(folder, 'tests.ndjson');
    const args = ['--once', '--format', 'ndjson', '--out', file];
    expect((await runExporter(args, { ...settings, ...heap }).ended).code).toBe(0);
    expect(linesOf(await readFile(file, 'utf8'))).toHaveLength(100_000);
  });

  it('keeps the old file when it is interrupted', async () => {
    const { table, folder } = await homeWith(100_000);
    const file = join(folder, 'tests.csv');
    await writeFile(file, 'old');
    const { child, ended } = table('csv', '--out', file);
    await until('it has begun', async () => (await readdir(folder)).some((name) => name.endsWith('.tmp')));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(await readFile(file, 'utf8')).toBe('old');
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('fills checkpoints that are not in use from the state files', async () => {
    const { table, settings, checkpoints } = await homeWith(6);
    await empty(checkpoints.client, checkpoints.prefix);
    await mkdir(settings.STATE_DIR);
    await writeFile(join(settings.STATE_DIR, 'utz_tests.json'), '[{"test_uuid": "a", "test_type": "survey"}]');
    expect(JSON.parse((await table('ndjson').ended).stdout)).toMatchObject({
      test_uuid: 'a',
      test_type: 'survey',
      category: 'survey',
    });
  });

  it('lists the valid values for a wrong one, and says which options go together', async () => {
    const { settings } = await homeWith(6);
    const cases = [
      [['--once', '--format', 'xml'], /Allowed choices are csv, ndjson/],
      [['--once', '--format', 'csv', '--type', 'poll'], /Allowed choices are interaction test, .*, undecided/],
      [['--once', '--format', 'csv', '--workspace', 'w9'], /w9\. Known workspaces:\n {2}w0 {2}Büro 0\n/],
      [['--once', '--format', 'ndjson', '--bom'], /--bom is only for --format csv/],
      [['--once', '--out', '-'], /need --format \(csv, ndjson, parquet\): npm run/],
    ] as const;
    for (const [args, message] of cases) {
      const { code, stderr } = await runExporter(args, settings).ended;
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  });
});

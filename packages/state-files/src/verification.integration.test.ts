import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { verifyStateFiles } from './verification.ts';

const record = { test_uuid: 'a', workspace_uuid: 'w', workspace_name: 'W' };

async function stateDirWith(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await temporaryFolder(onTestFinished);
  const all = { 'utz_tests.json': [], 'classicut_tests.json': [], 'errors.json': {}, ...files };
  for (const [name, value] of Object.entries(all)) await writeFile(join(folder, name), JSON.stringify(value));
  return folder;
}

test('good files pass, in the words of the tutorial', async () => {
  const folder = await stateDirWith({ 'utz_tests.json': [{ ...record, test_type: 'survey' }] });
  const { passed, lines } = await verifyStateFiles(folder);
  expect(passed).toBe(true);
  expect(lines).toEqual([
    'Verification checks:',
    '  [PASS] Output files exist',
    '  [PASS] Output files are valid JSON',
    '  [PASS] UTZ records include expected fields and valid test_type values',
    '  [INFO] Classification coverage: classified=1, unclassified=0, utz_total=1',
    '  [PASS] No processing errors recorded',
  ]);
});

test('tests without a type are an INFO, and errors are a warning', async () => {
  const folder = await stateDirWith({ 'utz_tests.json': [record], 'errors.json': { x: {}, y: {} } });
  const { passed, lines } = await verifyStateFiles(folder);
  expect(passed).toBe(true);
  expect(lines.slice(4)).toEqual([
    '  [INFO] Classification coverage: classified=0, unclassified=1, utz_total=1',
    '  [INFO] Some UTZ tests may be unclassified (for example, tests with no sessions yet).',
    '  [WARN] errors.json contains 2 record(s) (partial success; review recommended)',
  ]);
});

test('bad records fail', async () => {
  const folder = await stateDirWith({
    'utz_tests.json': [record, record, { ...record, test_uuid: 'b', test_type: 'poll' }],
  });
  const { passed, lines } = await verifyStateFiles(folder);
  expect(passed).toBe(false);
  expect(lines).toContain('  [FAIL] UTZ schema/type issues: invalid_schema=1, invalid_test_type=1');
});

test('missing, truncated and unreadable files fail without a stack trace', async () => {
  const folder = await stateDirWith({});
  await rm(join(folder, 'utz_tests.json'));
  await writeFile(join(folder, 'classicut_tests.json'), '[{');
  await rm(join(folder, 'errors.json'));
  await mkdir(join(folder, 'errors.json'));
  const { passed, lines } = await verifyStateFiles(folder);
  expect(passed).toBe(false);
  expect(lines[1]).toMatch(/^ {2}\[FAIL\] Output files exist: utz_tests\.json missing/);
  expect(lines[2]).toMatch(/^ {2}\[FAIL\] JSON parse\/type validation error: classicut_tests\.json/);
  expect(lines[3]).toMatch(/^ {2}\[FAIL\] JSON parse\/type validation error: errors\.json: Something is in the way/);
  expect(await verifyStateFiles(join(folder, 'none'))).toMatchObject({
    passed: false,
    lines: ['Verification checks:', expect.stringContaining('there are none yet; npm start writes them')],
  });
});

const emptySha256 = {
  'utz_tests.json': createHash('sha256').update('[]').digest('hex'),
  'classicut_tests.json': createHash('sha256').update('[]').digest('hex'),
  'errors.json': createHash('sha256').update('{}').digest('hex'),
};

test('a manifest that fits the files is an INFO; one without hashes is not mentioned', async () => {
  const writtenAt = '2025-03-01T10:00:00.000Z';
  const manifest = { prefix: '{p}', schema_version: 1, written_at: writtenAt, sha256: emptySha256 };
  const { lines } = await verifyStateFiles(await stateDirWith({ 'manifest.json': manifest }));
  expect(lines.at(-1)).toBe(`  [INFO] manifest.json fits the files: written ${writtenAt}`);
  for (const other of [{ prefix: '{p}' }, 'junk', { prefix: '{p}', sha256: 7 }])
    expect((await verifyStateFiles(await stateDirWith({ 'manifest.json': other }))).lines).toHaveLength(6);
});

test('a manifest of other files is a warning that names them, never a FAIL', async () => {
  const files = { 'utz_tests.json': [record], 'manifest.json': { prefix: '{p}', sha256: emptySha256 } };
  const { lines, passed } = await verifyStateFiles(await stateDirWith(files));
  expect(passed).toBe(true);
  expect(lines.at(-1)).toMatch(/^ {2}\[WARN\] manifest\.json was not written for this utz_tests\.json:/);
});

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from '@inventory/checkpoints';
import fc from 'fast-check';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import {
  addTests,
  checkpointsInUse,
  empty,
  makeProvisional,
  makeUnconfirmed,
  testUuid,
} from '../../../test/support/checkpoints.ts';
import { readState } from '../../../test/support/read-state.ts';
import { recordedLogger } from '../../../test/support/recorded-logger.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { StateDir } from './state-dir.ts';

const open = (options = {}) => checkpointsInUse(inject('redisUrl'), onTestFinished, { use: false, ...options });
const folder = () => temporaryFolder(onTestFinished);

const stateDirOf = (checkpoints: Checkpoints, stateDir: string) =>
  new StateDir({ stateDir, queuePrefix: checkpoints.prefix });
const write = (checkpoints: Checkpoints, stateDir: string) => stateDirOf(checkpoints, stateDir).write(checkpoints);

async function fill(checkpoints: Checkpoints, stateDir: string): Promise<string[]> {
  const { logger, lines } = recordedLogger();
  await stateDirOf(checkpoints, stateDir).bringIntoUse(checkpoints, logger);
  return lines;
}

test('tests are not lost where Redis is emptied once more, in the middle of the import', async () => {
  const checkpoints = await open({ use: true });
  const stateDir = await folder();
  await addTests(checkpoints, 60);
  await write(checkpoints, stateDir);
  const { client, prefix } = checkpoints;
  await empty(client, prefix);
  const keys = ['catalogue', 'listing', 'verdicts', 'counts', 'workspaces', 'generation'];
  const { logger } = recordedLogger();
  let emptied = false;
  // Said before the checkpoints are in use; the command goes out before the one that brings them into use.
  logger.info = () => {
    if (!emptied) void client.del(keys.map((key) => `${prefix}:${key}`));
    emptied = true;
  };
  await stateDirOf(checkpoints, stateDir).bringIntoUse(checkpoints, logger);
  expect(emptied).toBe(true);
  expect((await checkpoints.inventory.totals()).tests).toBe(60);
});

test('after a loss of Redis the files are imported, and written again byte by byte', async () => {
  const checkpoints = await open({ use: true });
  const stateDir = await folder();
  await addTests(checkpoints, 1203);
  const error = { status: 503, status_code: 503, type: 'network_error', error: 'away', attempts: 6 } as const;
  await checkpoints.import.errors([{ key: 'x', error: { ...error, body: { code: '1', message: 'é' } } }]);
  await write(checkpoints, stateDir);
  const names = ['utz_tests.json', 'classicut_tests.json'];
  const before = await Promise.all(names.map((name) => readFile(join(stateDir, name), 'utf8')));
  const { errors } = await readState(stateDir);
  await empty(checkpoints.client, checkpoints.prefix);

  const lines = await fill(checkpoints, stateDir);
  expect(lines).toEqual([
    `imported 1003 tests from ${join(stateDir, 'utz_tests.json')}`,
    `imported 200 tests from ${join(stateDir, 'classicut_tests.json')}`,
    `imported 1 error from ${join(stateDir, 'errors.json')}`,
  ]);
  await write(checkpoints, stateDir);
  expect(await Promise.all(names.map((name) => readFile(join(stateDir, name), 'utf8')))).toEqual(before);
  expect((await readState(stateDir)).errors.x).toEqual({ ...errors.x, at: expect.any(String) });
});

test('after a loss of Redis verdicts that were not final are not final, and are asked about again', async () => {
  const checkpoints = await open({ use: true });
  const { client, prefix } = checkpoints;
  const stateDir = await folder();
  await addTests(checkpoints, 9, { category: 'ClassicUT' });
  await addTests(checkpoints, 3, { category: 'survey', from: 9 });
  const [unconfirmed, other, provisional] = [testUuid(0), testUuid(8), testUuid(9)];
  await makeUnconfirmed(checkpoints, unconfirmed);
  await makeProvisional(checkpoints, provisional, Date.now() + 3_600_000);
  await write(checkpoints, stateDir);
  await empty(client, prefix);
  await fill(checkpoints, stateDir);
  const uuids = [unconfirmed, other, provisional, testUuid(10)];
  const certainties = (await checkpoints.inventory.records(uuids)).map(({ certainty }) => certainty);
  expect(certainties).toEqual(['unconfirmed', 'final', 'provisional', 'final']);
  const run = await checkpoints.runs.start('all');
  const page = { run: run.id, joinedAt: run.joinedAt, workspace: 'w', position: 0, probe: true };
  const tests = uuids.map((uuid) => ({ uuid, listing: {}, declared: null }));
  expect(await checkpoints.listing.savePage({ ...page, tests })).toEqual([{ uuid: provisional, why: 'recheck' }]);
  expect(await checkpoints.known.openUnconfirmed(run.id)).toEqual([unconfirmed]);
  const present = { probe: 'sessions', answer: { outcome: 'present', sessionId: 's' } } as const;
  await checkpoints.test.noteAnswer(unconfirmed, present);
  expect((await checkpoints.inventory.records([unconfirmed]))[0]?.verdict).toBeNull();
});

test("the files of the tutorial's script are imported", async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  const place = { workspace_uuid: 'w', workspace_name: 'Caf\u00e9' };
  // Python escapes what is not ASCII, and puts test_type last.
  const python = (value: unknown): string =>
    JSON.stringify(value, null, 2).replaceAll(
      /[\u0080-\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  await writeFile(
    join(stateDir, 'utz_tests.json'),
    python([
      { test_uuid: testUuid(2), ...place, test_type: 'survey' },
      { test_uuid: testUuid(1), ...place },
    ]),
  );
  await writeFile(join(stateDir, 'classicut_tests.json'), python([{ test_uuid: testUuid(3), ...place }]));
  await writeFile(
    join(stateDir, 'errors.json'),
    python({
      [testUuid(4)]: { status: 500, body: 'oops', type: 'unclassified_error' },
      [testUuid(2)]: { status: 500, body: 'decided meanwhile', type: 'unclassified_error' },
      'workspace:v': { error: '403 Client Error', type: 'workspace_detail_http_error' },
    }),
  );
  await fill(checkpoints, stateDir);
  const { byCategory } = await checkpoints.inventory.totals();
  expect(byCategory).toEqual({ survey: 1, 'no sessions': 1, ClassicUT: 1 });
  await write(checkpoints, stateDir);
  const { utz, errors } = await readState(stateDir);
  expect(utz).toEqual([
    { test_uuid: testUuid(1), ...place },
    { test_uuid: testUuid(2), ...place, test_type: 'survey' },
  ]);
  expect(errors).toMatchObject({
    [testUuid(4)]: { status: 500, status_code: 500, body: 'oops', attempts: 1 },
    'workspace:v': { status: null, error: '403 Client Error', body: null },
  });
  expect(Object.keys(errors)).toHaveLength(2);
});

test('an unusable file is kept aside and the others are imported', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await writeFile(join(stateDir, 'utz_tests.json'), '[{"test_uuid": "a", "wor');
  await writeFile(join(stateDir, 'classicut_tests.json'), '[{"test_uuid": "b"}, 7]');
  await writeFile(join(stateDir, 'errors.json'), '[]');
  const lines = await fill(checkpoints, stateDir);
  expect(lines.join('\n')).toMatch(/utz_tests\.json is unusable .*kept as .*utz_tests\.json\.corrupt-\d{8}T\d{6}Z/);
  expect(lines).toContain(`skipped 1 unusable or repeated records of ${join(stateDir, 'classicut_tests.json')}`);
  const names = await readdir(stateDir);
  expect(names.filter((name) => name.includes('.corrupt-'))).toHaveLength(2);
  expect((await checkpoints.inventory.totals()).byCategory).toEqual({ ClassicUT: 1 });
});

test('of a damaged file what can be read is imported, and the whole of it is kept aside', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  const records = [1, 2, 3].map((n) => ({ test_uuid: testUuid(n), test_type: 'Survey' }));
  const text = JSON.stringify(records).replace('"test_type":"Survey"', '"test_type":"Survey" oops');
  await writeFile(join(stateDir, 'utz_tests.json'), text);
  const lines = (await fill(checkpoints, stateDir)).join('\n');
  expect((await checkpoints.inventory.totals()).byCategory).toEqual({ survey: 2 });
  expect(lines).toMatch(/utz_tests\.json is damaged \(.*\): about 1 records could not be read/);
  expect(lines).toMatch(/2 tests of .*utz_tests\.json have a test_type in other casing; it was taken/);
  const [kept = ''] = (await readdir(stateDir)).filter((name) => name.startsWith('utz_tests.json.corrupt-'));
  expect(await readFile(join(stateDir, kept), 'utf8')).toBe(text);
});

describe('files that have lost more than ten minutes of requests', () => {
  const accept =
    (answer: boolean, asked: string[] = []) =>
    async (loss: string) => {
      asked.push(loss);
      return answer;
    };
  async function damagedFolder(): Promise<{ checkpoints: Checkpoints; stateDir: string }> {
    const [checkpoints, stateDir] = [await open({ use: true }), await folder()];
    await addTests(checkpoints, 300, { category: 'survey' });
    await write(checkpoints, stateDir);
    await empty(checkpoints.client, checkpoints.prefix);
    const path = join(stateDir, 'utz_tests.json');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, 10_000));
    return { checkpoints, stateDir };
  }
  const use = (checkpoints: Checkpoints, stateDir: string, answer?: ReturnType<typeof accept>) =>
    stateDirOf(checkpoints, stateDir).bringIntoUse(checkpoints, recordedLogger().logger, answer);

  test.each([undefined, accept(false)])('are not replaced before that is accepted', async (answer) => {
    const { checkpoints, stateDir } = await damagedFolder();
    const before = await readdir(stateDir);
    await expect(use(checkpoints, stateDir, answer)).rejects.toMatchObject({
      trouble: 'damaged',
      exitCode: 2,
      message: expect.stringMatching(
        /^About 2\d\d tests cannot be read from utz_tests\.json in .*0\.\d hours.*npm start -- --yes/,
      ),
    });
    expect(await readdir(stateDir)).toEqual(before);
    expect(await checkpoints.import.isInUse()).toBe(false);
    expect((await checkpoints.inventory.totals()).tests).toBe(0);
  });

  test('are imported as far as they can be read when it is accepted', async () => {
    const { checkpoints, stateDir } = await damagedFolder();
    const asked: string[] = [];
    expect(await use(checkpoints, stateDir, accept(true, asked))).toBe(true);
    expect(asked).toHaveLength(1);
    const { tests } = await checkpoints.inventory.totals();
    expect(asked[0]).toContain(`About ${300 - tests} tests`);
    expect(tests).toBeGreaterThan(30);
  });

  test('count also where they are JSON, but their records are not ours', async () => {
    const [checkpoints, stateDir] = [await open(), await folder()];
    const foreign = Array.from({ length: 100 }, (_, n) => ({ uuid: testUuid(n) }));
    await writeFile(join(stateDir, 'classicut_tests.json'), JSON.stringify(foreign));
    await expect(use(checkpoints, stateDir)).rejects.toThrow(
      'About 100 tests cannot be read from classicut_tests.json',
    );
  });
});

test('two unusable files of the same second are both kept', async () => {
  const stateDir = await folder();
  for (let round = 0; round < 3; round += 1) {
    await writeFile(join(stateDir, 'errors.json'), `junk ${round}`);
    await fill(await open(), stateDir);
  }
  expect((await readdir(stateDir)).filter((name) => name.startsWith('errors.json.corrupt-'))).toHaveLength(3);
});

test('files that a manifest assigns to another prefix are refused, and the checkpoints stay unused', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  await writeFile(join(stateDir, 'manifest.json'), '{"prefix": "{other}"}');
  await writeFile(join(stateDir, 'utz_tests.json'), 'not even JSON');
  await expect(fill(checkpoints, stateDir)).rejects.toMatchObject({
    trouble: 'foreign',
    message: expect.stringMatching(/belong to QUEUE_PREFIX \{other\}.*Choose another STATE_DIR/),
  });
  expect((await readdir(stateDir)).sort()).toEqual(['manifest.json', 'utz_tests.json']);
  expect((await checkpoints.inventory.totals()).tests).toBe(0);
});

test('without files, or without a folder, there is nothing to import', async () => {
  expect(await fill(await open(), join(await folder(), 'none'))).toEqual([]);
});

test('no content of the files makes the import fail, and what was imported can be written', async () => {
  const checkpoints = await open();
  const stateDir = await folder();
  const any = fc.jsonValue({ stringUnit: 'binary', depthSize: 'medium' });
  // Half a surrogate pair is JSON, but no UTF-8.
  const broken = fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', '\0', 'a', '|', ',') });
  const text = fc.oneof(anyText, broken);
  const field = fc.oneof(text, any);
  const record = fc.record(
    { test_uuid: field, workspace_uuid: field, workspace_name: field, test_type: field },
    { requiredKeys: [] },
  );
  const error = fc.record(
    {
      status: fc.oneof(fc.integer(), fc.double(), any),
      body: fc.oneof(any, fc.dictionary(broken, broken)),
      error: field,
      type: field,
      attempts: fc.oneof(fc.double(), any),
    },
    { requiredKeys: [] },
  );
  const list = fc.oneof(
    fc.array(fc.oneof(record, any)).map((value) => JSON.stringify(value)),
    fc.json(),
    text,
  );
  const errors = fc.oneof(
    fc.dictionary(text, fc.oneof(error, any)).map((value) => JSON.stringify(value)),
    fc.json(),
  );
  await fc.assert(
    fc.asyncProperty(list, list, errors, async (utz, classic, failed) => {
      await empty(checkpoints.client, checkpoints.prefix);
      await writeFile(join(stateDir, 'utz_tests.json'), utz);
      await writeFile(join(stateDir, 'classicut_tests.json'), classic);
      await writeFile(join(stateDir, 'errors.json'), failed);
      await fill(checkpoints, stateDir);
      const { counts } = await write(checkpoints, stateDir);
      const written = await readState(stateDir);
      expect(written.utz).toHaveLength(counts.utz);
      expect(written.classic).toHaveLength(counts.classic);
      expect(Object.keys(written.errors)).toHaveLength(counts.errors);
    }),
    { numRuns: 100 },
  );
});

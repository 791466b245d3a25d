import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { importedErrors, TestImporter } from './imported.ts';

function importedTests(utz: readonly unknown[], classic: readonly unknown[]) {
  const readers = new TestImporter();
  return { utz: readers.utz(utz), classic: readers.classic(classic) };
}

test('a type that the tutorial knows is imported; with any other the test is asked about again', () => {
  const types = ['survey', undefined, 'live conversation', 7, null];
  const { utz } = importedTests(
    types.map((test_type, index) => ({ test_uuid: `t${index}`, workspace_uuid: 'w', workspace_name: 'W', test_type })),
    [],
  );
  expect(utz.items.map(({ category }) => category)).toEqual(['survey', ...Array(4).fill('no sessions')]);
});

test('a classic test is ClassicUT, whatever type it claims', () => {
  const { classic } = importedTests([], [{ test_uuid: 'c', test_type: 'survey' }]);
  expect(classic.items).toEqual([{ uuid: 'c', workspace: 'Unknown', name: 'Unknown', category: 'ClassicUT' }]);
});

test('the first record of a test counts, and the UTZ file before the other', () => {
  const typed = { test_uuid: 'a', test_type: 'survey' };
  const { utz, classic } = importedTests(
    [typed, { test_uuid: 'a' }, { test_uuid: 'b' }],
    [{ test_uuid: 'a' }, { test_uuid: 'b' }],
  );
  expect(utz.items.map(({ uuid, category }) => [uuid, category])).toEqual([
    ['a', 'survey'],
    ['b', 'no sessions'],
  ]);
  expect(utz.skipped).toBe(1);
  expect(classic).toEqual({ items: [], skipped: 2 });
});

test('a UUID is one test whatever its case, and is imported in lower case', () => {
  const uuid = 'aaaaaaaa-0000-4000-8000-00000000000b';
  const { utz, classic } = importedTests(
    [{ test_uuid: uuid.toUpperCase() }],
    [{ test_uuid: uuid }, { test_uuid: 'Ab' }],
  );
  expect(utz.items.map((test) => test.uuid)).toEqual([uuid]);
  expect(classic.items.map((test) => test.uuid)).toEqual(['Ab']);
  expect(importedErrors([[uuid.toUpperCase(), {}]]).items.map(({ key }) => key)).toEqual([uuid]);
});

test('a type in other casing is taken, and noticed; so is one that nobody knows', () => {
  const importer = new TestImporter();
  const types = ['Survey', 'INTERACTION TEST', ' Think-Out-Loud Test', 'survey', 'poll', 7];
  const { items } = importer.utz(types.map((test_type, index) => ({ test_uuid: `t${index}`, test_type })));
  expect(items.map(({ category }) => category)).toEqual([
    ...['survey', 'interaction test', 'think-out-loud test', 'survey', 'no sessions', 'no sessions'],
  ]);
  expect(importer.takeRemarks()).toEqual({ unusable: 0, otherCasing: 3, unknownTypes: 2 });
  importer.classic([null, {}]);
  expect(importer.takeRemarks()).toEqual({ unusable: 2, otherCasing: 0, unknownTypes: 0 });
});

test('junk is skipped and counted', () => {
  const junk = [null, 1, 'x', [], {}, { test_uuid: '' }, { test_uuid: 5 }];
  expect(importedTests(junk, junk)).toEqual({ utz: { items: [], skipped: 7 }, classic: { items: [], skipped: 7 } });
});

test('no content makes the import of tests fail, and every record is either imported or skipped', () => {
  const record = fc.oneof(
    fc.jsonValue(),
    fc.record({ test_uuid: fc.jsonValue(), test_type: fc.jsonValue() }, { requiredKeys: [] }),
  );
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), fc.array(record, { maxLength: 5 }), (utz, classic) => {
      const lists = importedTests(utz, classic);
      expect(lists.utz.items.length + lists.utz.skipped).toBe(utz.length);
      expect(lists.classic.items.length + lists.classic.skipped).toBe(classic.length);
    }),
  );
});

test("the errors of the tutorial's script are imported", () => {
  const { items } = importedErrors([
    ['t1', { status: 502, body: { message: 'bad gateway' }, type: 'unclassified_error' }],
    ['workspace:w', { error: '404 Client Error', type: 'workspace_detail_http_error' }],
    ['t2', { status_code: 429, error: 'Rate limit exceeded' }],
  ]);
  const base = { status: null, status_code: null, body: null, attempts: 1 };
  expect(items).toEqual([
    {
      key: 't1',
      error: {
        status: 502,
        status_code: 502,
        type: 'unclassified_error',
        error: 'the API answered 502',
        body: { message: 'bad gateway' },
        attempts: 1,
      },
    },
    { key: 'workspace:w', error: { ...base, type: 'workspace_detail_http_error', error: '404 Client Error' } },
    {
      key: 't2',
      error: { ...base, status: 429, status_code: 429, type: 'unclassified_error', error: 'Rate limit exceeded' },
    },
  ]);
});

test('entries that are not objects are skipped and counted', () => {
  expect(
    importedErrors([
      ['a', null],
      ['b', 'x'],
      ['c', [1]],
      ['', {}],
    ]),
  ).toEqual({ items: [], skipped: 4 });
});

test('of a body the texts are kept that say what the error is, or its first 2,000 characters where it is text', () => {
  const [text, json, list] = importedErrors([
    ['a', { body: 'x'.repeat(3000) }],
    ['b', { body: { message: 'x'.repeat(3000), email: 'jane@example.com' } }],
    ['c', { body: [{ email: 'jane@example.com' }] }],
  ]).items;
  expect(text?.error.body).toBe('x'.repeat(2000));
  expect(json?.error.body).toEqual({ message: expect.stringMatching(/^x{1900,2000}$/) });
  expect(list?.error.body).toBeNull();
});

test('of a body that is nested deeper than any parser follows, the rest is kept', () => {
  const deep = JSON.parse('['.repeat(5000) + ']'.repeat(5000));
  expect(importedErrors([['a', { body: { message: deep, code: 'X' } }]]).items[0]?.error.body).toEqual({ code: 'X' });
});

test('what is longer than any UUID names no test, and long names are cut', () => {
  const long = 'x'.repeat(3000);
  const { utz } = importedTests([{ test_uuid: long }, { test_uuid: 'a', workspace_name: long }], []);
  expect(utz).toMatchObject({ items: [{ uuid: 'a', name: long.slice(0, 1000) }], skipped: 1 });
  expect(importedErrors([[long, {}]])).toEqual({ items: [], skipped: 1 });
});

test('no content makes the import of errors fail', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, fc.jsonValue(), { maxKeys: 3 }), (file) => {
      const entries = Object.entries(file);
      const errors = importedErrors(entries);
      expect(errors.items.length + errors.skipped).toBe(entries.length);
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listReaders } from './imported-tests.ts';

function importedTests(utz: readonly unknown[], classic: readonly unknown[]) {
  const readers = listReaders();
  return { utz: readers.utz(utz), classic: readers.classic(classic) };
}

test('a type that the tutorial knows is taken over; any other is looked at again', () => {
  const types = ['survey', undefined, 'live conversation', 7, null];
  const { utz } = importedTests(
    types.map((test_type, index) => ({ test_uuid: `t${index}`, workspace_uuid: 'w', workspace_name: 'W', test_type })),
    [],
  );
  expect(utz.tests.map(({ category }) => category)).toEqual(['survey', ...Array(4).fill('no sessions')]);
});

test('a classic test is ClassicUT, whatever type it claims', () => {
  const { classic } = importedTests([], [{ test_uuid: 'c', test_type: 'survey' }]);
  expect(classic.tests).toEqual([{ uuid: 'c', workspace: 'Unknown', name: 'Unknown', category: 'ClassicUT' }]);
});

test('the first record of a test counts, and the UTZ file before the other', () => {
  const typed = { test_uuid: 'a', test_type: 'survey' };
  const { utz, classic } = importedTests(
    [typed, { test_uuid: 'a' }, { test_uuid: 'b' }],
    [{ test_uuid: 'a' }, { test_uuid: 'b' }],
  );
  expect(utz.tests.map(({ uuid, category }) => [uuid, category])).toEqual([
    ['a', 'survey'],
    ['b', 'no sessions'],
  ]);
  expect(utz.skipped).toBe(1);
  expect(classic).toEqual({ tests: [], skipped: 2 });
});

test('junk is skipped and counted', () => {
  const junk = [null, 1, 'x', [], {}, { test_uuid: '' }, { test_uuid: 5 }];
  expect(importedTests(junk, junk)).toEqual({ utz: { tests: [], skipped: 7 }, classic: { tests: [], skipped: 7 } });
});

test('no content makes it fail, and every record is either taken or skipped', () => {
  const record = fc.oneof(
    fc.jsonValue(),
    fc.record({ test_uuid: fc.jsonValue(), test_type: fc.jsonValue() }, { requiredKeys: [] }),
  );
  fc.assert(
    fc.property(fc.array(record), fc.array(record), (utz, classic) => {
      const lists = importedTests(utz, classic);
      expect(lists.utz.tests.length + lists.utz.skipped).toBe(utz.length);
      expect(lists.classic.tests.length + lists.classic.skipped).toBe(classic.length);
    }),
  );
});

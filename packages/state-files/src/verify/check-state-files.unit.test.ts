import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStateFile } from '../read-state-file.ts';
import { checkStateFiles } from './check-state-files.ts';

const check = (utz: string, classic = '[]', errors = '{}') =>
  checkStateFiles({
    'utz_tests.json': parseStateFile('utz_tests.json', utz),
    'classicut_tests.json': parseStateFile('classicut_tests.json', classic),
    'errors.json': parseStateFile('errors.json', errors),
  });

const record = { test_uuid: 'a', workspace_uuid: 'w', workspace_name: 'W' };

test('records are counted by what is wrong with them', () => {
  const records = [
    { ...record, test_type: 'survey' },
    { ...record, test_uuid: 'b', test_type: null },
    { ...record, test_uuid: 'c', test_type: 'poll' },
    { test_uuid: 'd' },
    record,
    'junk',
  ];
  expect(check(JSON.stringify(records), '[]', '{"x":{}}')).toEqual({
    missing: [],
    unusable: [],
    invalidSchema: 3,
    invalidTestType: 1,
    classified: 1,
    utzTotal: 6,
    errorCount: 1,
  });
});

test('a wrong container and a text cut off are unusable', () => {
  expect(check('{}', '[{"test_uuid"', '[]').unusable).toHaveLength(3);
});

test('no text makes it fail', () => {
  const text = fc.oneof(fc.string(), fc.json(), fc.constantFrom('[]', '{}', '', '\uFEFF[]'));
  fc.assert(fc.property(text, text, text, (...texts) => check(...texts).utzTotal >= 0));
});

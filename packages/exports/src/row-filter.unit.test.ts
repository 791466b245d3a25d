import { expect, it } from 'vitest';
import type { ExportRow } from './row.ts';
import { rowMatcher } from './row-filter.ts';

const row = { test_uuid: 'ab12', title: 'Paying with a saved card, on a phone' } as ExportRow;

it.each([
  ['phone card', true],
  ['  CARD   saved ', true],
  ['card tablet', false],
  ['ab1', true],
  ['b12', false],
  ['ab1 phone', true],
])('%j finds by words in any order: %s', (q, found) => {
  expect(rowMatcher({ q })?.(row)).toBe(found);
});

it('white space alone asks for nothing', () => {
  expect(rowMatcher({ q: '  ' })).toBeNull();
});

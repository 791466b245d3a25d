import type { InventoryTest } from '@inventory/checkpoints';
import { expect, it, test } from 'vitest';
import { type ExportRow, exportRow, exportRowSchema, rowMatcher, withOutcome } from './row.ts';

const listing = { workspace: 'w', position: 0, run: '1000', title: 'Title', orderedAt: '2025-03-01T10:00:00+02:00' };
const verdict = { category: 'survey', rule: 'no-other-data', source: 'probed', at: 0 } as const;
const failure = {
  status: 400,
  status_code: 400,
  type: 'invalid_pagination_error',
  error: 'no',
  body: 'secret',
} as const;
const error = { ...failure, attempts: 1, at: 0 };
const workspaces = new Map([['w', { name: 'Büro', position: 0, listedAt: 1000 }]]);
const classified: InventoryTest = { uuid: 'u', listing, verdict, certainty: 'final', error: null };
const undecided: InventoryTest = { ...classified, verdict: null, certainty: null };

test('a classified test has every column, in order', () => {
  const row = exportRow(classified, workspaces);
  expect(row).toEqual({
    test_uuid: 'u',
    title: 'Title',
    workspace_uuid: 'w',
    workspace_name: 'Büro',
    ordered_at: '2025-03-01T08:00:00.000Z',
    platform: 'UTZ',
    test_type: 'survey',
    category: 'survey',
    source: 'probed',
    rule: 'no-other-data',
    classified_at: '1970-01-01T00:00:00.000Z',
    error: null,
    listed: true,
    certainty: 'final',
  });
  expect(Object.keys(row)).toEqual(Object.keys(exportRowSchema.shape));
  expect(exportRowSchema.parse(row)).toEqual(row);
});

const noVerdict = { platform: null, test_type: null, category: null, source: null, rule: null, classified_at: null };

test('an undecided test has no verdict, and its error shows by its type alone', () => {
  const row = exportRow({ ...undecided, error }, workspaces);
  expect(row).toMatchObject({ ...noVerdict, certainty: null, error: 'invalid_pagination_error' });
  expect(JSON.stringify(row)).not.toContain('secret');
});

test.each([
  ['think-out-loud test', 'UTZ', 'think-out-loud test'],
  ['live conversation', 'UTZ', null],
  ['no sessions', 'UTZ', null],
  ['ClassicUT', 'ClassicUT', null],
] as const)('a test of the category %s is %s with the test type %s', (category, platform, test_type) => {
  const row = exportRow({ ...classified, verdict: { ...verdict, category } }, workspaces);
  expect(row).toMatchObject({ category, platform, test_type });
});

test('an unknown workspace is called Unknown, and a missing title is null', () => {
  const row = exportRow({ ...classified, listing: { workspace: 'x', position: 0, run: '' } }, workspaces);
  expect(row).toMatchObject({ workspace_uuid: 'x', workspace_name: 'Unknown', title: null, ordered_at: null });
});

test('half a character of a title is replaced, as some readers of JSON refuse it; whole ones stay', () => {
  const row = exportRow({ ...classified, listing: { ...listing, title: 'a\uD800b 🎉' } }, workspaces);
  expect(row.title).toBe('a\uFFFDb 🎉');
});

test.each([
  ['2025-03-01T10:00:00Z', '2025-03-01T10:00:00.000Z'],
  ['2025-03-01T10:00:00.5+02:00', '2025-03-01T08:00:00.500Z'],
  [' 2025-03-01T10:00:00 ', '2025-03-01T10:00:00.000Z'],
  ['2025-03-01 10:00', '2025-03-01T10:00:00.000Z'],
  ['2025-03-01', '2025-03-01T00:00:00.000Z'],
  ['', null],
  ['yesterday', null],
  ['2025-13-41T00:00:00Z', null],
])('a time is in UTC, without a zone counts as UTC, and is null if it is none: "%s"', (orderedAt, shown) => {
  expect(exportRow({ ...classified, listing: { ...listing, orderedAt } }, workspaces).ordered_at).toBe(shown);
});

const isListed = (run: string, listedAt: number) =>
  exportRow({ ...classified, listing: { ...listing, run } }, new Map([['w', { name: 'W', position: 0, listedAt }]]))
    .listed;

test('a test is listed when the newest complete listing of its workspace had it, or a newer one that goes on', () => {
  expect([isListed('1000', 1000), isListed('1001', 1000), isListed('999', 1000)]).toEqual([true, true, false]);
});

test('an imported test is listed until a complete listing lacks it', () => {
  expect([isListed('', 0), isListed('', 1000)]).toEqual([true, false]);
  expect(exportRow({ ...classified, listing: { ...listing, run: '' } }, new Map()).listed).toBe(true);
});

test('a verdict replaces the verdict and the error of a row', () => {
  const before = exportRow({ ...undecided, error }, workspaces);
  expect(withOutcome(before, { uuid: 'u', verdict })).toEqual(exportRow(classified, workspaces));
  expect(withOutcome(before, { uuid: 'u', verdict: { ...verdict, provisionalUntil: 9 } }).certainty).toBe(
    'provisional',
  );
});

test('a ClassicUT verdict stays unconfirmed until something confirms it', () => {
  const classic = { ...verdict, category: 'ClassicUT' } as const;
  const before = exportRow({ ...classified, verdict: classic, certainty: 'unconfirmed' }, workspaces);
  expect(withOutcome(before, { uuid: 'u', verdict: { ...classic, at: 5 } }).certainty).toBe('unconfirmed');
});

test('an error leaves the verdict of a row as it is', () => {
  const before = exportRow(classified, workspaces);
  expect(withOutcome(before, { uuid: 'u', error })).toEqual({ ...before, error: 'invalid_pagination_error' });
});

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

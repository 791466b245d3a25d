import type { InventoryTest } from '@inventory/checkpoints';
import { expect, test } from 'vitest';
import { exportRow, exportRowSchema } from './export-row.ts';

const listing = { workspace: 'w', position: 0, run: '1000', title: 'Title', orderedAt: '2025-03-01T10:00:00+02:00' };
const verdict = { category: 'survey', rule: 'no-other-data', source: 'probed', at: 0 } as const;
const workspaces = new Map([['w', { name: 'Büro', position: 0, listedAt: 1000 }]]);
const decided: InventoryTest = { uuid: 'u', listing, verdict, certainty: 'final', error: null };

test('a decided test has every field, in the order of the columns', () => {
  const row = exportRow(decided, workspaces);
  expect(row).toEqual({
    testUuid: 'u',
    title: 'Title',
    workspaceUuid: 'w',
    workspaceName: 'Büro',
    orderedAt: '2025-03-01T08:00:00.000Z',
    platform: 'UTZ',
    type: 'survey',
    source: 'probed',
    rule: 'no-other-data',
    decidedAt: '1970-01-01T00:00:00.000Z',
    error: null,
    listed: true,
    certainty: 'final',
  });
  expect(Object.keys(row)).toEqual(Object.keys(exportRowSchema.shape));
});

test('an undecided test has neither type nor platform; its error shows by its type', () => {
  const failure = {
    status: 400,
    status_code: 400,
    type: 'invalid_pagination_error',
    error: 'no',
    body: 'secret',
  } as const;
  const row = exportRow(
    { ...decided, verdict: null, certainty: null, error: { ...failure, attempts: 1, at: 0 } },
    workspaces,
  );
  const nothing = { certainty: null, platform: null, type: null, source: null, rule: null, decidedAt: null };
  expect(row).toMatchObject({ ...nothing, error: 'invalid_pagination_error' });
  expect(JSON.stringify(row)).not.toContain('secret');
});

test('a live conversation and a test without sessions are UTZ, a ClassicUT test is its own platform', () => {
  const platform = (category: 'live conversation' | 'no sessions' | 'ClassicUT') =>
    exportRow({ ...decided, verdict: { ...verdict, category } }, workspaces).platform;
  expect([platform('live conversation'), platform('no sessions'), platform('ClassicUT')]).toEqual([
    'UTZ',
    'UTZ',
    'ClassicUT',
  ]);
});

test('a workspace that is not known is called Unknown, and a missing title is null', () => {
  const row = exportRow({ ...decided, listing: { workspace: 'x', position: 0, run: '' } }, workspaces);
  expect(row).toMatchObject({ workspaceUuid: 'x', workspaceName: 'Unknown', title: null, orderedAt: null });
});

test('the rows fit their schema', () => {
  expect(exportRowSchema.parse(exportRow(decided, workspaces))).toEqual(exportRow(decided, workspaces));
});

test('half a character of a title is replaced, as some readers of JSON refuse it; whole ones stay', () => {
  const row = exportRow({ ...decided, listing: { ...listing, title: 'a\uD800b 🎉' } }, workspaces);
  expect(row.title).toBe('a\uFFFDb 🎉');
});

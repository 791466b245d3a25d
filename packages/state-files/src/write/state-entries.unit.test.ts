import { expect, test } from 'vitest';
import { stateSchemaVersion } from '../manifest/manifest-record.ts';
import { errorEntry } from './error-entry.ts';
import { testEntry } from './test-entry.ts';

const listing = { workspace: 'w', position: 0, run: '', title: 'Title' };
const verdict = { rule: 'r', source: 'probed', at: 0 } as const;
const workspaces = new Map([['w', { name: 'Büro', position: 0, listedAt: 0 }]]);

// Whoever changes what is expected here moves the version: files of an older one are written anew at the next start.
test('what is written is version 1', () => {
  expect(stateSchemaVersion).toBe(1);
});

test('a record has the keys of the tutorial, in its order, and no others', () => {
  const entry = testEntry({ uuid: 'u', listing, verdict: { ...verdict, category: 'survey' } }, workspaces);
  expect(JSON.stringify(entry)).toBe(
    '{"test_uuid":"u","workspace_uuid":"w","workspace_name":"Büro","test_type":"survey"}',
  );
});

test('a category that is none of the three types has no test_type', () => {
  for (const category of ['live conversation', 'no sessions', 'ClassicUT'] as const)
    expect(testEntry({ uuid: 'u', listing, verdict: { ...verdict, category } }, workspaces)).not.toHaveProperty(
      'test_type',
    );
});

test('a workspace that is not known has the name Unknown', () => {
  const entry = testEntry({ uuid: 'u', listing, verdict: { ...verdict, category: 'survey' } }, new Map());
  expect(entry.workspace_name).toBe('Unknown');
});

test('an error has its seven keys in order, its time in ISO 8601', () => {
  const record = { status: 500, status_code: 500, error: 'e', body: undefined, attempts: 2, at: 0 };
  expect(JSON.stringify(errorEntry({ ...record, type: 'unclassified_error' }))).toBe(
    '{"status":500,"status_code":500,"type":"unclassified_error","error":"e","body":null,"attempts":2,"at":"1970-01-01T00:00:00.000Z"}',
  );
});

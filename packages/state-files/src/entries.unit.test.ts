import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { errorEntry, JsonWriter, testEntry } from './entries.ts';
import { stateSchemaVersion } from './manifest.ts';

const records = fc.dictionary(anyText, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 5 });
const pages = fc.array(fc.array(records, { maxLength: 5 }), { maxLength: 5 });

/** The text that a writer writes, and the number of its pieces. */
async function written(brackets: '[]' | '{}', add: (json: JsonWriter) => Promise<void>) {
  let text = '';
  const sink = {
    write: async (more: string): Promise<void> => {
      text += more;
    },
  };
  const json = new JsonWriter(sink, brackets);
  await add(json);
  const count = await json.end();
  return { text, count };
}

test('an array that is written in pieces has the bytes of JSON.stringify', async () => {
  await fc.assert(
    fc.asyncProperty(pages, async (parts) => {
      const { text, count } = await written('[]', async (json) => {
        for (const part of parts) await json.addItems(part);
      });
      expect(text).toBe(JSON.stringify(parts.flat(), null, 2));
      expect(count).toBe(parts.flat().length);
    }),
    { numRuns: 40 },
  );
});

test('an object that is written in pieces has the bytes of JSON.stringify', async () => {
  const keys = fc.string().filter((key) => !/^\d+$/.test(key) && key !== '__proto__');
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(keys), async (names) => {
      const value = { status: null, body: [] };
      const { text } = await written('{}', async (json) => {
        for (const name of names) await json.addMembers([[name, value]]);
      });
      expect(text).toBe(JSON.stringify(Object.fromEntries(names.map((name) => [name, value])), null, 2));
    }),
  );
});

test('the members of an object stay in their order, also those with numbers for keys', async () => {
  const { text } = await written('{}', (json) => json.addMembers(['b', '2', '1', '__proto__'].map((key) => [key, {}])));
  expect(text).toBe('{\n  "b": {},\n  "2": {},\n  "1": {},\n  "__proto__": {}\n}');
});

const listing = { workspace: 'w', position: 0, run: '', title: 'Title' };
const verdict = { rule: 'r', source: 'probed', at: 0 } as const;
const workspaces = new Map([['w', { name: 'Büro', position: 0, listedAt: 0 }]]);

// A change of what is expected here needs a new version: files of an older one are written anew at the next start.
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

test('an unknown workspace has the name Unknown', () => {
  const entry = testEntry({ uuid: 'u', listing, verdict: { ...verdict, category: 'survey' } }, new Map());
  expect(entry).toHaveProperty('workspace_name', 'Unknown');
});

test('an error has its seven keys in order, its time in ISO 8601', () => {
  const record = { status: 500, status_code: 500, error: 'e', body: undefined, attempts: 2, at: 0 };
  expect(JSON.stringify(errorEntry({ ...record, type: 'unclassified_error' }))).toBe(
    '{"status":500,"status_code":500,"type":"unclassified_error","error":"e","body":null,"attempts":2,"at":"1970-01-01T00:00:00.000Z"}',
  );
});

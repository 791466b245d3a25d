import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import type { ExportRow } from './row.ts';
import {
  discoverSinger,
  type SingerState,
  selectedColumns,
  singerCatalog,
  singerLines,
  singerState,
} from './singer.ts';

const ajv = new Ajv({ strictTypes: false });
formats.default(ajv);

/** The messages as the Singer specification 0.3.0 has them, with nothing beside. */
const message = ajv.compile({
  oneOf: [
    {
      properties: {
        type: { const: 'SCHEMA' },
        stream: { type: 'string' },
        schema: { type: 'object' },
        key_properties: { type: 'array', items: { type: 'string' } },
        bookmark_properties: { type: 'array', items: { type: 'string' } },
      },
      required: ['type', 'stream', 'schema', 'key_properties'],
      additionalProperties: false,
    },
    {
      properties: {
        type: { const: 'RECORD' },
        stream: { type: 'string' },
        record: { type: 'object' },
        time_extracted: { type: 'string', format: 'date-time' },
      },
      required: ['type', 'stream', 'record'],
      additionalProperties: false,
    },
    { properties: { type: { const: 'STATE' }, value: {} }, required: ['type', 'value'], additionalProperties: false },
  ],
});

const row = (test_uuid: string, title: string | null = null): ExportRow => ({
  test_uuid,
  title,
  workspace_uuid: 'w',
  workspace_name: 'Büro',
  ordered_at: '2026-03-01T10:00:00.000Z',
  platform: 'UTZ',
  test_type: 'survey',
  category: 'survey',
  source: 'declared',
  rule: 'declared-STUDYV2-SURVEY',
  classified_at: '2026-03-02T10:00:00.000Z',
  error: null,
  listed: true,
  certainty: 'final',
});

/** Ajv compiles each object once. */
const schemas = new Map<string, object>();

/** A target: checks each message, and keeps the latest record of each key. */
class Target {
  readonly records = new Map<string, object>();
  state: SingerState | null = null;

  /** Takes all that the tap has. @returns how many records came */
  async take(
    rows: readonly ExportRow[],
    { catalog = null, later = rows }: { catalog?: object | null; later?: readonly ExportRow[] } = {},
  ): Promise<number> {
    const reads = [rows, later];
    async function* read() {
      const now = reads.shift() ?? [];
      yield now.slice(0, 2);
      yield now.slice(2);
    }
    const columns = selectedColumns(catalog && singerCatalog.parse(catalog));
    let text = '';
    for await (const lines of singerLines({ read, state: this.state, columns })) text += lines;
    const messages = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    let schema: object = {};
    let key = '';
    for (const each of messages) {
      const isValid: boolean = message(each);
      if (!isValid) throw new Error(ajv.errorsText(message.errors));
      if (each.type === 'STATE') this.state = singerState.parse(JSON.parse(JSON.stringify(each.value)));
      if (each.type === 'SCHEMA') {
        schema = schemas.get(JSON.stringify(each.schema)) ?? each.schema;
        schemas.set(JSON.stringify(each.schema), schema);
        [key] = each.key_properties;
      }
      if (each.type !== 'RECORD') continue;
      if (!ajv.validate(schema, each.record)) throw new Error(ajv.errorsText());
      this.records.set(each.record[key], each.record);
    }
    expect(messages.at(-1).type).toBe('STATE');
    return messages.filter(({ type }) => type === 'RECORD').length;
  }
}

const anyRows = fc.uniqueArray(fc.record({ test_uuid: fc.constantFrom(...'abcdefghij'), title: fc.option(anyText) }), {
  selector: ({ test_uuid }) => test_uuid,
});

describe('the Singer tap', () => {
  it('has sent every test as it is now, whatever changed since the state of the last time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRows, { maxLength: 4 }), async (versions) => {
        const target = new Target();
        for (const given of versions) {
          const rows = given.map(({ test_uuid, title }) => row(test_uuid, title));
          await target.take(rows);
          for (const each of rows) {
            expect(target.records.get(each.test_uuid)).toEqual({
              ...each,
              title: each.title?.replaceAll('\0', '') ?? null,
            });
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('sends what changed while it read, and changed back', async () => {
    const target = new Target();
    await target.take([row('a', 'before')], { later: [row('a', 'meanwhile')] });
    await target.take([row('a', 'before')]);
    expect(target.records.get('a')).toEqual(row('a', 'before'));
  });

  it('sends, of what has not changed, nothing, and of a change little more than that test', async () => {
    const rows = Array.from({ length: 3000 }, (_, number) => row(`test ${String(number).padStart(4, '0')}`));
    const target = new Target();
    expect(await target.take(rows)).toBe(3000);
    expect(await target.take(rows)).toBe(0);
    const changed = rows.map((each, number) => (number === 700 ? { ...each, title: 'new' } : each));
    const sent = await target.take(changed);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(15);
  });

  it('takes the state of a pipeline that has none yet', () => {
    expect(singerState.parse({})).toEqual({ bookmarks: {} });
  });

  it('sends the columns that a catalog selects, all again when these change, and the key always', async () => {
    const target = new Target();
    const catalog = singerCatalog.parse(discoverSinger());
    expect(await target.take([row('a', 'title')], { catalog })).toBe(1);
    const without = (...names: readonly string[]) => ({
      streams: catalog.streams.map((stream) => ({
        ...stream,
        metadata: names.map((name) => ({ breadcrumb: ['properties', name], metadata: { selected: false } })),
      })),
    });
    expect(await target.take([row('a', 'title')], { catalog: without('title', 'test_uuid') })).toBe(1);
    const { title, ...others } = row('a');
    expect(target.records.get('a')).toEqual(others);
  });

  it('sends nothing of a stream that is not selected, and keeps its state', async () => {
    const target = new Target();
    await target.take([row('a')]);
    const { state } = target;
    const off = { breadcrumb: [], metadata: { selected: false } };
    for (const streams of [[], [{ tap_stream_id: 'usertesting_tests', metadata: [off] }]]) {
      expect(await target.take([row('a', 'new')], { catalog: { streams } })).toBe(0);
      expect(target.state).toEqual(state);
    }
  });
});

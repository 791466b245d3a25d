import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
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

/** The messages as the Singer specification 0.3.0 has them, with nothing beside. */
const message = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('SCHEMA'),
    stream: z.string(),
    schema: z.record(z.string(), z.json()),
    key_properties: z.array(z.string()),
    bookmark_properties: z.array(z.string()).optional(),
  }),
  z.strictObject({
    type: z.literal('RECORD'),
    stream: z.string(),
    record: z.record(z.string(), z.json()),
    time_extracted: z.iso.datetime().optional(),
  }),
  z.strictObject({ type: z.literal('STATE'), value: z.json() }),
]);

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

/** Validators of schemas, by their text: making one takes its time. */
const validators = new Map<string, z.ZodType>();

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
      .map((line) => message.parse(JSON.parse(line)));
    let schema: z.ZodType = z.never();
    let key = '';
    for (const each of messages) {
      if (each.type === 'STATE') this.state = singerState.parse(each.value);
      if (each.type === 'SCHEMA') {
        const text = JSON.stringify(each.schema);
        schema = validators.get(text) ?? z.fromJSONSchema(each.schema);
        validators.set(text, schema);
        [key = ''] = each.key_properties;
      }
      if (each.type === 'RECORD') this.records.set(String(each.record[key]), schema.parse(each.record) as object);
    }
    expect(messages.at(-1)?.type).toBe('STATE');
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
          expect(rows.map(({ test_uuid }) => target.records.get(test_uuid))).toEqual(
            rows.map((each) => ({ ...each, title: each.title?.replaceAll('\0', '') ?? null })),
          );
        }
      }),
      { numRuns: 15 },
    );
  });

  it('sends what changed while it read, and changed back', async () => {
    const target = new Target();
    await target.take([row('a', 'before')], { later: [row('a', 'meanwhile')] });
    await target.take([row('a', 'before')]);
    expect(target.records.get('a')).toEqual(row('a', 'before'));
  });

  it('sends, of what has not changed, nothing, and of a change little more than that test', async () => {
    const rows = Array.from({ length: 1200 }, (_, number) => row(`test ${String(number).padStart(4, '0')}`));
    const target = new Target();
    expect(await target.take(rows)).toBe(1200);
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

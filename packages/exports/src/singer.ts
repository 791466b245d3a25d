import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ExportColumn, exportColumns, withoutNul } from './columns.ts';
import type { ExportRow } from './row.ts';

/** The one stream of the Singer tap. */
const singerStream = 'usertesting_tests';

type Portions = AsyncIterable<readonly ExportRow[]>;

/**
 * Tests are put into so many groups by their UUID. The state has a digest of each group, and only groups with another digest
 * are sent: a state cannot hold a digest of each test.
 */
const groups = 1024;
const digestBytes = 6;

/** The value of a STATE message. */
export const singerState = z.object({
  bookmarks: z
    .object({ [singerStream]: z.object({ revision: z.number(), digests: z.string() }).optional() })
    .default({}),
});
export type SingerState = z.output<typeof singerState>;

/** What of a catalog is read: which streams and columns are selected. */
export const singerCatalog = z.object({
  streams: z.array(
    z.object({
      tap_stream_id: z.string(),
      metadata: z
        .array(
          z.object({
            breadcrumb: z.array(z.string()),
            metadata: z.object({ selected: z.boolean().optional() }),
          }),
        )
        .optional(),
    }),
  ),
});
export type SingerCatalog = z.output<typeof singerCatalog>;

const [key] = exportColumns;

const types: Readonly<Record<ExportColumn['kind'], object>> = {
  text: { type: ['null', 'string'] },
  time: { type: ['null', 'string'], format: 'date-time' },
  boolean: { type: ['null', 'boolean'] },
};

function schemaOf(columns: readonly ExportColumn[]): object {
  const properties = columns.map((column) => [column.name, column === key ? { type: 'string' } : types[column.kind]]);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

/** The catalog of the tap, for its discovery mode. Everything is selected by default, and the key always. */
export function discoverSinger(): object {
  const columns = exportColumns.map(({ name }, index) => ({
    breadcrumb: ['properties', name],
    metadata: index === 0 ? { inclusion: 'automatic' } : { inclusion: 'available', 'selected-by-default': true },
  }));
  const stream = {
    breadcrumb: [],
    metadata: { inclusion: 'available', 'selected-by-default': true, 'table-key-properties': ['test_uuid'] },
  };
  const schema = schemaOf(exportColumns);
  const entry = { tap_stream_id: singerStream, stream: singerStream, key_properties: ['test_uuid'], schema };
  return { streams: [{ ...entry, metadata: [stream, ...columns] }] };
}

/** The columns that a catalog selects; none when it does not select the stream. */
export function selectedColumns(catalog: SingerCatalog | null): readonly ExportColumn[] {
  if (catalog === null) return exportColumns;
  const entry = catalog.streams.find(({ tap_stream_id }) => tap_stream_id === singerStream);
  if (entry === undefined) return [];
  const chosen = new Map(
    (entry.metadata ?? []).map(({ breadcrumb, metadata }) => [breadcrumb.join('.'), metadata.selected]),
  );
  if (chosen.get('') === false) return [];
  return exportColumns.filter((column) => column === key || chosen.get(`properties.${column.name}`) !== false);
}

export interface SingerOptions {
  /** Reads all rows; called at most twice. */
  readonly read: () => Portions;
  /** The revision before the first read. */
  readonly revision: number;
  /** The state of the previous call; null for none. */
  readonly state: SingerState | null;
  readonly columns: readonly ExportColumn[];
}

/**
 * The messages of the Singer tap, one a line: the schema, a record of each test that may have changed since the state, and
 * the new state. A record may come again without a change, and never fails to come.
 */
export async function* singerLines({ read, revision, state, columns }: SingerOptions): AsyncGenerator<string> {
  const line = (message: object): string => `${JSON.stringify(message)}\n`;
  const value = (digests: string): string =>
    line({ type: 'STATE', value: { bookmarks: { [singerStream]: { revision, digests } } } });
  if (columns.length === 0) {
    if (state !== null) yield line({ type: 'STATE', value: state });
    return;
  }
  const names = columns.map(({ name }) => name);
  const known = Buffer.from(state?.bookmarks[singerStream]?.digests ?? '', 'base64');
  const digests = await digestsOf(read(), names);
  const changed = Array.from(
    { length: groups },
    (_, group) => !digestIn(digests, group).equals(digestIn(known, group)),
  );
  yield line({ type: 'SCHEMA', stream: singerStream, schema: schemaOf(columns), key_properties: ['test_uuid'] });
  if (changed.includes(true)) {
    for await (const rows of read()) {
      const time_extracted = new Date().toISOString();
      const sent = rows.filter(({ test_uuid }) => changed[groupOf(test_uuid)]);
      const record = (row: ExportRow): string =>
        line({ type: 'RECORD', stream: singerStream, record: pick(row, names), time_extracted });
      if (sent.length > 0) yield sent.map(record).join('');
    }
  }
  yield value(digests.toString('base64'));
}

/** The record of a row. */
function pick(row: ExportRow, names: readonly (keyof ExportRow)[]): object {
  return Object.fromEntries(names.map((name) => [name, withoutNul(row[name])]));
}

function groupOf(uuid: string): number {
  return createHash('sha256').update(uuid).digest().readUInt16BE() % groups;
}

/** The digests of all groups, one behind the other; that of a group without tests is zero. */
async function digestsOf(portions: Portions, names: readonly (keyof ExportRow)[]): Promise<Buffer> {
  const hashes = new Map<number, ReturnType<typeof createHash>>();
  for await (const rows of portions) {
    for (const row of rows) {
      const group = groupOf(row.test_uuid);
      const hash = hashes.get(group) ?? createHash('sha256');
      hashes.set(group, hash.update(`${JSON.stringify(pick(row, names))}\n`));
    }
  }
  const digests = Buffer.alloc(groups * digestBytes);
  for (const [group, hash] of hashes) hash.digest().copy(digests, group * digestBytes, 0, digestBytes);
  return digests;
}

/** The digest of a group; empty when it is not in there. */
function digestIn(digests: Buffer, group: number): Buffer {
  return digests.subarray(group * digestBytes, (group + 1) * digestBytes);
}

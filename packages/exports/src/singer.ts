import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type ExportColumn, type ExportRow, exportColumns, withoutNul } from './row.ts';

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
  bookmarks: z.object({ [singerStream]: z.object({ digests: z.string() }).optional() }).default({}),
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
  /** The state of the previous call; null for none. */
  readonly state: SingerState | null;
  readonly columns: readonly ExportColumn[];
}

/**
 * The messages of the Singer tap, one a line: the schema, a record of each test that may have changed since the state, and
 * the new state. A record may come again without a change, and never fails to come.
 */
export async function* singerLines({ read, state, columns }: SingerOptions): AsyncGenerator<string> {
  const line = (message: object): string => `${JSON.stringify(message)}\n`;
  if (columns.length === 0) {
    if (state !== null) yield line({ type: 'STATE', value: state });
    return;
  }
  const names = columns.map(({ name }) => name);
  const recordOf = (row: ExportRow): object => Object.fromEntries(names.map((name) => [name, withoutNul(row[name])]));
  const known = Buffer.from(state?.bookmarks[singerStream]?.digests ?? '', 'base64');
  const found = new GroupDigests();
  for await (const rows of read()) for (const row of rows) found.add(row.test_uuid, recordOf(row));
  const isChanged = Array.from({ length: groups }, (_, group) => !found.of(group).equals(digestIn(known, group)));
  yield line({ type: 'SCHEMA', stream: singerStream, schema: schemaOf(columns), key_properties: ['test_uuid'] });
  // What is sent may have changed since the first read: the state is that of what the target has.
  const sent = new GroupDigests();
  if (isChanged.includes(true)) {
    for await (const rows of read()) {
      const time_extracted = new Date().toISOString();
      const lines = rows.flatMap((row) => {
        if (!isChanged[groupOf(row.test_uuid)]) return [];
        const record = recordOf(row);
        sent.add(row.test_uuid, record);
        return line({ type: 'RECORD', stream: singerStream, record, time_extracted });
      });
      if (lines.length > 0) yield lines.join('');
    }
  }
  const digests = isChanged.map((changed, group) => (changed ? sent : found).of(group));
  const value = { bookmarks: { [singerStream]: { digests: Buffer.concat(digests).toString('base64') } } };
  yield line({ type: 'STATE', value });
}

function groupOf(uuid: string): number {
  return createHash('sha256').update(uuid).digest().readUInt16BE() % groups;
}

/** The digest of the records of each group. */
class GroupDigests {
  readonly #hashes = new Map<number, ReturnType<typeof createHash>>();

  add(uuid: string, record: object): void {
    const group = groupOf(uuid);
    const hash = this.#hashes.get(group) ?? createHash('sha256');
    this.#hashes.set(group, hash.update(`${JSON.stringify(record)}\n`));
  }

  /** Of a group without tests it is zero. */
  of(group: number): Buffer {
    return this.#hashes.get(group)?.copy().digest().subarray(0, digestBytes) ?? Buffer.alloc(digestBytes);
  }
}

/** The digest of a group; empty when it is not in there. */
function digestIn(digests: Buffer, group: number): Buffer {
  return digests.subarray(group * digestBytes, (group + 1) * digestBytes);
}

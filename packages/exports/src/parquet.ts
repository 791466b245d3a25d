import type { BasicType, ColumnSource } from 'hyparquet-writer';
import { type ExportColumn, type ExportRow, exportColumns } from './row.ts';

/** The columns that an increment has besides those of a row. */
interface Increment {
  /** Grows from increment to increment: of the rows of a test, the one with the greatest counts. */
  readonly revision: number;
  /** The test was forgotten; the other columns are null. */
  readonly deleted: boolean;
}
/** A row of an increment; of a deleted test only its UUID is known. */
export type IncrementRow = Increment & Pick<ExportRow, 'test_uuid'> & Partial<ExportRow>;

/** Rows that are compressed together; so many are in memory at once. */
const rowGroup = 10_000;

const types: Readonly<Record<ExportColumn['kind'], BasicType>> = {
  text: 'STRING',
  time: 'TIMESTAMP',
  boolean: 'BOOLEAN',
};

interface ParquetColumn {
  readonly name: string;
  readonly type: BasicType;
  readonly nullable: boolean;
  readonly cell: (row: Partial<ExportRow & Increment>) => unknown;
}

const rowColumns: readonly ParquetColumn[] = exportColumns.map(({ name, kind, nullable }) => ({
  name,
  type: types[kind],
  nullable,
  cell: (row) => {
    const value = row[name] ?? null;
    return kind === 'time' && typeof value === 'string' ? new Date(value) : value;
  },
}));
const incrementColumns: readonly ParquetColumn[] = [
  ...rowColumns.map((column) => ({ ...column, nullable: column.name !== 'test_uuid' })),
  { name: 'revision', type: 'INT64', nullable: false, cell: ({ revision = 0 }) => BigInt(revision) },
  { name: 'deleted', type: 'BOOLEAN', nullable: false, cell: ({ deleted = false }) => deleted },
];

type Portions<Row = Partial<ExportRow & Increment>> = AsyncIterable<readonly Row[]>;

/** The table as a Parquet file, in parts: the columns of the CSV, with times as timestamps. */
export function parquetBytes(portions: Portions<ExportRow>): AsyncGenerator<Uint8Array> {
  return bytesOf(portions, rowColumns, {});
}

/** The same for an increment. @param facts stored in the file, for {@link readIncrement} */
export function incrementBytes(
  portions: Portions<IncrementRow>,
  facts: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array> {
  return bytesOf(portions, incrementColumns, facts);
}

async function* bytesOf(
  portions: Portions,
  columns: readonly ParquetColumn[],
  facts: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array> {
  // Only who asks for Parquet waits for it.
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const columnData = (rows: readonly Partial<ExportRow & Increment>[]): ColumnSource[] =>
    columns.map(({ name, type, nullable, cell }) => ({ name, type, nullable, data: rows.map(cell) }));
  const bytes = new ByteWriter();
  const kvMetadata = Object.entries(facts).map(([key, value]) => ({ key, value }));
  const schema = schemaFromColumnData({ columnData: columnData([]) });
  const file = new ParquetWriter({ writer: bytes, schema, kvMetadata });
  const taken = (): Uint8Array => {
    const part = bytes.getBytes().slice();
    bytes.index = 0;
    return part;
  };
  let rows: Partial<ExportRow & Increment>[] = [];
  for await (const portion of portions) {
    rows.push(...portion);
    if (rows.length < rowGroup) continue;
    await file.write({ columnData: columnData(rows), rowGroupSize: rowGroup });
    rows = [];
    yield taken();
  }
  if (rows.length > 0) await file.write({ columnData: columnData(rows), rowGroupSize: rowGroup });
  await file.finish();
  yield taken();
}

/** Reads an increment. @throws Error when the file is none */
export async function readIncrement(
  path: string,
): Promise<{ readonly rows: readonly IncrementRow[]; readonly facts: Readonly<Record<string, string>> }> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const facts = (metadata.key_value_metadata ?? []).map(({ key, value = '' }) => [key, value]);
  const rows = (await parquetReadObjects({ file, metadata })).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)])),
  );
  return { rows: rows as unknown as IncrementRow[], facts: Object.fromEntries(facts) };
}

function cellOf(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'bigint' ? Number(value) : value;
}

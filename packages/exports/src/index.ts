export { csvLines, ndjsonLines } from './formats.ts';
export { type IncrementRow, incrementBytes, parquetBytes, readIncrement } from './parquet.ts';
export {
  type ExportColumn,
  type ExportRow,
  exportColumns,
  exportRow,
  exportRowSchema,
  type RowFilter,
  readRows,
  rowMatcher,
  withOutcome,
  withoutNul,
} from './row.ts';
export {
  discoverSinger,
  selectedColumns,
  singerCatalog,
  singerLines,
  singerState,
} from './singer.ts';

export { type ExportColumn, exportColumns, withoutNul } from './columns.ts';
export { csvLines, ndjsonLines } from './formats.ts';
export { type IncrementRow, incrementBytes, parquetBytes, readIncrement } from './parquet.ts';
export { type ExportRow, exportRow, exportRowSchema, readRows, withOutcome } from './row.ts';
export { type RowFilter, rowMatcher } from './row-filter.ts';
export {
  discoverSinger,
  selectedColumns,
  singerCatalog,
  singerLines,
  singerState,
} from './singer.ts';

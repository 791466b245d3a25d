export { csvLines, ndjsonLines } from './formats.ts';
export { type ExportRow, exportRow, exportRowSchema, readRows, withOutcome } from './row.ts';

export { csvLines } from './csv-lines.ts';
export { type ExportRow, exportRow, exportRowSchema } from './export-row.ts';
export { isListed } from './is-listed.ts';
export { ndjsonLines } from './ndjson-lines.ts';
export { readRows } from './read-rows.ts';

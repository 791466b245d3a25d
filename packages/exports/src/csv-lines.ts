import { type Options, stringify } from 'csv-stringify/sync';
import { columns } from './columns.ts';
import type { ExportRow } from './export-row.ts';

const options: Options = {
  columns: [...columns],
  record_delimiter: 'windows',
  quoted_match: /[\r\n]/,
  // A spreadsheet would run a cell that begins like a formula.
  escape_formulas: true,
  cast: { boolean: String },
};

/**
 * Rows as CSV (RFC 4180) under a header line, one text a portion of rows: memory does not grow with their number. A cell
 * that begins like a formula gets a `'` before it; what is not known is empty.
 * @param portions rows, from {@link readRows} for example
 */
export async function* csvLines(
  portions: AsyncIterable<readonly ExportRow[]> | Iterable<readonly ExportRow[]>,
): AsyncGenerator<string> {
  yield stringify([], { ...options, header: true });
  for await (const rows of portions) if (rows.length > 0) yield stringify([...rows], options);
}

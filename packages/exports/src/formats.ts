import { type Options, stringify } from 'csv-stringify/sync';
import { type ExportRow, exportRowSchema } from './row.ts';

/** Rows in portions, for example from {@link readRows}. */
type Portions = AsyncIterable<readonly ExportRow[]> | Iterable<readonly ExportRow[]>;

const columns: string[] = exportRowSchema.keyof().options;

const csvOptions: Options = {
  columns,
  record_delimiter: 'windows',
  quoted_match: /[\r\n]/,
  // A spreadsheet would run a cell that begins like a formula.
  escape_formulas: true,
  cast: { boolean: String, string: cellOf },
};

/**
 * A spreadsheet may split at other characters than we do: at `;` in many countries, at a tab, and at a line end whose
 * quotes it has not understood. What looks like a formula after one of them is defused too. NUL would end the text.
 */
function cellOf(text: string): string {
  return text.replaceAll('\0', '').replace(/(?<=[;\t\r\n]["'\s]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g, "'");
}

/**
 * CSV (RFC 4180) with a header line, one text per portion. Null is empty; a cell like a formula begins with `'`.
 * @param bom begins with a byte order mark, by which Excel knows that it is UTF-8
 */
export async function* csvLines(portions: Portions, { bom = false } = {}): AsyncGenerator<string> {
  if (bom) yield '\ufeff';
  yield stringify([], { ...csvOptions, header: true });
  for await (const rows of portions) if (rows.length > 0) yield stringify([...rows], csvOptions);
}

/** NDJSON, one object per line with the columns of the CSV, one text per portion. */
export async function* ndjsonLines(portions: Portions): AsyncGenerator<string> {
  for await (const rows of portions) {
    if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(row, columns)}\n`).join('');
  }
}

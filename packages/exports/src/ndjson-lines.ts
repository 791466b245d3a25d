import { columns } from './columns.ts';
import type { ExportRow } from './export-row.ts';

/**
 * Rows as NDJSON, one JSON object a line with the columns' names of the CSV; one text a portion of rows, so that memory
 * does not grow with their number.
 * @param portions rows, from {@link readRows} for example
 */
export async function* ndjsonLines(
  portions: AsyncIterable<readonly ExportRow[]> | Iterable<readonly ExportRow[]>,
): AsyncGenerator<string> {
  for await (const rows of portions) if (rows.length > 0) yield rows.map(line).join('');
}

function line(row: ExportRow): string {
  return `${JSON.stringify(Object.fromEntries(columns.map(({ key, header }) => [header, row[key]])))}\n`;
}

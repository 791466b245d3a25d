import { Readable } from 'node:stream';
import { csvLines, type ExportRow, ndjsonLines } from '@inventory/exports';

const formats = {
  csv: { lines: csvLines, type: 'text/csv; charset=utf-8' },
  ndjson: { lines: ndjsonLines, type: 'application/x-ndjson; charset=utf-8' },
} as const;

/**
 * Rows as a file. Portions are made as the reader takes them, so a slow reader piles up nothing, and
 * one that goes away ends the work.
 */
export function streamTests(portions: AsyncGenerator<readonly ExportRow[]>, format: keyof typeof formats): Response {
  const { lines, type } = formats[format];
  // One portion ahead of the reader, whatever its size.
  const texts = Readable.from(bytes(lines(portions)), { highWaterMark: 1 });
  return new Response(Readable.toWeb(texts), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="tests.${format}"`,
      'cache-control': 'no-store',
    },
  });
}

async function* bytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}

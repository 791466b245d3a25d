import { BracketScanner } from './bracket-scanner.ts';
import { NotJsonError } from './not-json-error.ts';

const byteOrderMark = Buffer.from('\uFEFF');

/**
 * Reads a JSON array or object in parts, so that memory does not grow with its length. A byte order mark, as some editors
 * leave it, is skipped.
 * @param chunks its text in UTF-8, cut anywhere, but not within the first three bytes
 * @returns arrays, or objects, that hold some of the items each; all of them together are what the text holds
 * @throws NotJsonError when the text is another value, no JSON, or cut off; parts that came before count for nothing
 */
export async function* jsonParts(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  brackets: '[]' | '{}',
): AsyncGenerator<unknown> {
  const scanner = new BracketScanner(brackets);
  let pending: Buffer[] = [];
  let begun = false;
  let some = false;
  for await (const bytes of chunks) {
    const chunk = !begun && bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes;
    begun = true;
    const { start, comma, end } = scanner.scan(chunk);
    if (start < 0) continue;
    const cut = end < 0 ? comma : end;
    pending.push(chunk.subarray(start, cut < 0 ? chunk.length : cut));
    if (cut < 0) continue;
    const text = Buffer.concat(pending).toString();
    // Between two commas there has to be something, between the brackets not.
    if (some || comma >= 0 || text.trim() !== '') yield parse(text, brackets);
    some = true;
    pending = [chunk.subarray(cut + 1)];
  }
  if (!scanner.ended) throw new NotJsonError();
}

function parse(text: string, [open = '', close = '']: string): unknown {
  try {
    if (text.trim() !== '') return JSON.parse(open + text + close);
  } catch {}
  throw new NotJsonError();
}

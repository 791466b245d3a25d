import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { inStateDir, nullIfMissing } from './errors.ts';
import { type StateFileName, stateFileNames } from './manifest.ts';

/** The condition of a state file. */
export type StateFile =
  | { readonly state: 'missing' }
  | { readonly state: 'whole' }
  /** No JSON of the right kind. Items that were read before that showed must not count. */
  | { readonly state: 'corrupt'; readonly why: string };

/** An entry of `errors.json`. */
export type ErrorEntry = readonly [key: string, value: unknown];

type ItemOf<Name extends StateFileName> = Name extends typeof stateFileNames.errors ? ErrorEntry : unknown;

const chunkSize = 256 * 1024;

/**
 * Reads a state file in portions, so that memory does not grow with it: the items of a list, or the entries of
 * `errors.json`.
 * @throws StateDirError when there is one that cannot be read at all, and what `onItems` throws
 */
export async function readStateFile<Name extends StateFileName>(
  stateDir: string,
  name: Name,
  onItems: (items: readonly ItemOf<Name>[]) => void | Promise<void> = () => undefined,
): Promise<StateFile> {
  const path = join(stateDir, name);
  const file = await inStateDir('read', path, () => open(path).catch(nullIfMissing));
  if (file === null) return { state: 'missing' };
  const brackets = name === stateFileNames.errors ? '{}' : '[]';
  try {
    for await (const part of jsonParts(chunksOf(file, path), brackets)) {
      await onItems((brackets === '{}' ? Object.entries(part) : part) as readonly ItemOf<Name>[]);
    }
    return { state: 'whole' };
  } catch (error) {
    if (error instanceof NotJsonError) return { state: 'corrupt', why: error.message };
    throw error;
  } finally {
    await file.close();
  }
}

async function* chunksOf(file: FileHandle, path: string): AsyncGenerator<Buffer> {
  for (;;) {
    const buffer = Buffer.allocUnsafe(chunkSize);
    const { bytesRead } = await inStateDir('read', path, () => file.read(buffer, 0, chunkSize));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** A text is not the expected JSON; the message says why. */
class NotJsonError extends Error {
  override readonly name = 'NotJsonError';

  constructor(why = 'it is not JSON, or cut off') {
    super(why);
  }
}

const byteOrderMark = Buffer.from('\uFEFF');

/**
 * Reads a JSON array or object in parts, so that memory does not grow with its length. A byte order mark, as some editors
 * leave it, is skipped.
 * @param chunks its text in UTF-8, cut anywhere but within the first three bytes
 * @returns arrays or objects with some of the items each, together all of them
 * @throws NotJsonError when the text is another value, no JSON, or cut off; earlier parts must not count then
 */
export async function* jsonParts(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  brackets: '[]' | '{}',
): AsyncGenerator<object> {
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
    // There has to be something between two commas; the brackets may be empty.
    if (some || comma >= 0 || text.trim() !== '') yield parse(text, brackets);
    some = true;
    pending = [chunk.subarray(cut + 1)];
  }
  if (!scanner.ended) throw new NotJsonError();
}

function parse(text: string, [open = '', close = '']: string): object {
  try {
    if (text.trim() !== '') return JSON.parse(open + text + close);
  } catch {}
  throw new NotJsonError();
}

/** Where the text of a chunk can be cut; -1 where there is no such place. */
interface Cuts {
  /** The first byte within the brackets. */
  readonly start: number;
  /** The last comma between two items. */
  readonly comma: number;
  /** The closing bracket. */
  readonly end: number;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const opening = [0x5b, 0x7b];
const closing = [0x5d, 0x7d];
const blanks = [0x20, 0x09, 0x0a, 0x0d];

/** Follows the text of a JSON array or object, chunk by chunk, as far as needed to tell its items apart. */
class BracketScanner {
  readonly #brackets: '[]' | '{}';
  #place: 'before' | 'inside' | 'after' = 'before';
  #depth = 0;
  #quoted = false;
  #escaped = false;

  constructor(brackets: '[]' | '{}') {
    this.#brackets = brackets;
  }

  get ended(): boolean {
    return this.#place === 'after';
  }

  /** @throws NotJsonError for text before or after the brackets */
  scan(chunk: Buffer): Cuts {
    const cuts = { start: this.#place === 'inside' ? 0 : -1, comma: -1, end: -1 };
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (this.#place !== 'inside') {
        if (this.#opens(byte)) cuts.start = index + 1;
      } else if (this.#quoted) this.#inQuotes(byte);
      else if (byte === quote) this.#quoted = true;
      else if (byte === comma && this.#depth === 0) cuts.comma = index;
      else if (opening.includes(byte)) this.#depth += 1;
      else if (closing.includes(byte) && this.#closes(byte)) cuts.end = index;
    }
    return cuts;
  }

  /** @returns whether this byte outside the brackets is the opening one */
  #opens(byte: number): boolean {
    if (blanks.includes(byte)) return false;
    if (this.ended) throw new NotJsonError('something follows the end of its JSON');
    if (byte !== this.#brackets.charCodeAt(0)) {
      throw new NotJsonError(`it does not hold a JSON ${this.#brackets === '[]' ? 'array' : 'object'}`);
    }
    this.#place = 'inside';
    return true;
  }

  #inQuotes(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#quoted = false;
  }

  /** @returns whether this is the last closing bracket */
  #closes(byte: number): boolean {
    this.#depth -= 1;
    if (this.#depth >= 0) return false;
    if (byte !== this.#brackets.charCodeAt(1)) throw new NotJsonError();
    this.#place = 'after';
    return true;
  }
}

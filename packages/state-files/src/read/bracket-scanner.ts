import { NotJsonError } from './not-json-error.ts';

/** Where the text of a chunk can be cut; -1 where there is no such place. */
export interface Cuts {
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

/** Follows the text of one JSON array or object, chunk by chunk, as far as it takes to tell its items apart. */
export class BracketScanner {
  readonly #open: number;
  readonly #close: number;
  readonly #kind: string;
  #place: 'before' | 'inside' | 'after' = 'before';
  #depth = 0;
  #quoted = false;
  #escaped = false;

  constructor(brackets: '[]' | '{}') {
    this.#open = brackets.charCodeAt(0);
    this.#close = brackets.charCodeAt(1);
    this.#kind = brackets === '[]' ? 'array' : 'object';
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
        if (this.#outside(byte)) cuts.start = index + 1;
      } else if (this.#quoted) this.#inQuotes(byte);
      else if (byte === quote) this.#quoted = true;
      else if (byte === comma && this.#depth === 0) cuts.comma = index;
      else if (opening.includes(byte)) this.#depth += 1;
      else if (closing.includes(byte) && this.#closes(byte)) cuts.end = index;
    }
    return cuts;
  }

  /** @returns whether this is the opening bracket */
  #outside(byte: number): boolean {
    if (blanks.includes(byte)) return false;
    if (this.ended) throw new NotJsonError('something follows the end of its JSON');
    if (byte !== this.#open) throw new NotJsonError(`it does not hold a JSON ${this.#kind}`);
    this.#place = 'inside';
    return true;
  }

  #inQuotes(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#quoted = false;
  }

  /** @returns whether this is the closing bracket */
  #closes(byte: number): boolean {
    this.#depth -= 1;
    if (this.#depth >= 0) return false;
    if (byte !== this.#close) throw new NotJsonError();
    this.#place = 'after';
    return true;
  }
}

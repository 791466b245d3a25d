import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inStateDir } from './errors.ts';
import { type StateFileName, stateFileNames } from './manifest.ts';
import type { ErrorEntry } from './reader.ts';

/** What a state file that is no JSON (any more) still holds. */
export interface Salvaged {
  /** Records of tests, or entries of `errors.json`. */
  readonly items: readonly unknown[];
  /** About how many records could not be read. */
  readonly lost: number;
}

/** More is not put together from a file that is read at once. */
const largestFile = 200_000_000;
/** Characters of a record without its blanks, as this program writes it; a little less than most have. */
const usualRecord = 150;

/**
 * Reads what can be read of a damaged file: records around a bad one, in UTF-16, as JSON lines, within another value, with
 * comments, with commas too many, with values of Python or JavaScript that JSON does not have (they become null).
 * @throws StateDirError when the file cannot be read at all
 */
export async function salvage(stateDir: string, name: StateFileName): Promise<Salvaged> {
  const path = join(stateDir, name);
  const { size } = await inStateDir('read', path, () => stat(path));
  if (size > largestFile) return { items: [], lost: Math.ceil(size / usualRecord) };
  const text = decoded(await inStateDir('read', path, () => readFile(path)));
  return name === stateFileNames.errors ? { items: salvagedErrors(text), lost: 0 } : salvagedTests(text);
}

/** The text of a file in UTF-8 or UTF-16, whose form a byte order mark or the zeros of its first characters tell. */
export function decoded(bytes: Buffer): string {
  const [first = 1, second = 1] = bytes;
  const little = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const big = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  if (little) return bytes.toString('utf16le');
  return big
    ? Buffer.from(bytes.subarray(0, bytes.length & ~1))
        .swap16()
        .toString('utf16le')
    : bytes.toString();
}

/** The records of tests in any text; all objects with a `test_uuid` are. */
export function salvagedTests(text: string): Salvaged {
  const items: unknown[] = [];
  let damaged = 0;
  let readChars = 0;
  for (const { value, start, end, next } of objects(text, /(?:^|[[,\n\r}\]])\s{0,200}(?=\{\s*["/}])/g)) {
    if (typeof value === 'object' && value !== null && 'test_uuid' in value) {
      items.push(value);
      readChars += solidChars(text.slice(start, end));
    } else if (value === undefined && text.slice(start, next).includes('"test_uuid"')) damaged += 1;
  }
  const unread = Math.max(0, solidChars(text) - readChars);
  return { items, lost: Math.max(damaged, Math.floor(unread / usualRecord)) };
}

/** Entries of an `errors.json` in any text. Its keys tell them from the objects inside of them. */
export function salvagedErrors(text: string): ErrorEntry[] {
  const entries: ErrorEntry[] = [];
  for (const { value, lead } of objects(
    text,
    /"(?:workspace:[^"\\\r\n]+|[0-9A-Za-z]{8}-[\w-]{1,100})"\s*:\s*(?=\{)/g,
  )) {
    if (value !== undefined) entries.push([JSON.parse(/"[^"]*"/.exec(lead)?.[0] ?? '""'), value]);
  }
  return entries;
}

interface FoundObject {
  /** The text before it, as the expression for its start finds it. */
  readonly lead: string;
  /** Undefined where it is damaged, or does not end. */
  readonly value: unknown;
  readonly start: number;
  readonly end: number;
  /** Where the next object might start that is not inside of this one. */
  readonly next: number;
}

/** How far the end of an object is looked for behind the place where another one might start. */
const furthest = 4_000;

/**
 * The objects of a text that start where an expression says so. One that is damaged ends where the next one might start, so
 * that it costs no other; objects inside of a sound one that is no record are found too.
 */
function* objects(text: string, starts: RegExp): Generator<FoundObject> {
  const found = [...text.matchAll(starts)].map(({ 0: lead, index }) => ({ lead, start: index + lead.length }));
  let done = 0;
  // What is read twice, so that the time stays proportional to the length of the text.
  let spare = 2 * text.length;
  for (const [index, { lead, start }] of found.entries()) {
    if (start < done) continue;
    const next = found[index + 1]?.start ?? text.length;
    const limit = Math.max(next, start + Math.min(furthest, spare));
    spare -= limit - next;
    const end = endOf(text, start, limit);
    const value = end < 0 ? undefined : parsedLoosely(text.slice(start, end));
    if (isRecord(value, lead)) done = end;
    yield { lead, value, start, end, next };
  }
}

/** Whether what is inside an object belongs to it; another one may be a wrapper around the records. */
function isRecord(value: unknown, lead: string): boolean {
  return typeof value === 'object' && value !== null && ('test_uuid' in value || lead.startsWith('"'));
}

const string = String.raw`"(?:[^"\\\r\n]|\\[^\r\n])*"`;
const comment = String.raw`\/\/[^\r\n]*|\/\*[\s\S]{0,2000}?\*\/`;

/** Where the object ends that starts at a place; -1 where it does not. */
function endOf(text: string, start: number, limit: number): number {
  const token = new RegExp(`${string}|${comment}|[{}]`, 'g');
  token.lastIndex = start;
  let depth = 0;
  for (let found = token.exec(text); found !== null && found.index < limit; found = token.exec(text)) {
    if (found[0] === '{') depth += 1;
    if (found[0] === '}') depth -= 1;
    if (depth === 0) return token.lastIndex;
  }
  return -1;
}

const notJson = new RegExp(
  `${string}|,(?=\\s*[}\\]])|-?\\b(?:NaN|Infinity)\\b|\\b(?:undefined|None|True|False)\\b`,
  'g',
);

/** Reads JSON with comments, commas before a closing bracket, and words that are no JSON. @returns undefined for no object */
function parsedLoosely(text: string): unknown {
  for (const attempt of [() => text, () => withoutForeignWords(text)]) {
    try {
      return JSON.parse(attempt());
    } catch {}
  }
  return undefined;
}

function withoutForeignWords(text: string): string {
  const bare = text.replace(new RegExp(`${string}|${comment}`, 'g'), (part) => (part.startsWith('"') ? part : ' '));
  return bare.replace(notJson, (part) => {
    if (part.startsWith('"')) return part;
    if (part === ',') return '';
    return part === 'True' || part === 'False' ? part.toLowerCase() : 'null';
  });
}

function solidChars(text: string): number {
  let blanks = 0;
  for (const [run] of text.matchAll(/\s+/g)) blanks += run.length;
  return text.length - blanks;
}

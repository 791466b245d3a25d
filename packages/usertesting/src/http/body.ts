import type { Readable } from 'node:stream';
import { withoutSessions } from './urls.ts';

export interface BodyStart {
  readonly text: string;
  readonly whole: boolean;
}

export interface ReadStartOptions {
  /** The most that is read, after decompression. */
  readonly maxBytes: number;
  /** Whether the text so far is enough; without it the body is read to its end. */
  readonly isEnough?: (text: string) => boolean;
}

/** The body was received, but it is larger than any documented one, or its compression is broken. */
export class UnreadableBodyError extends Error {
  override readonly name = 'UnreadableBodyError' as const;
}

/**
 * Reads the beginning of a body, as far as needed. The rest keeps coming, and is the caller's to {@link discard}.
 * @throws UnreadableBodyError when it cannot be decompressed; the stream's error when the connection is cut before.
 */
export function readStart(body: Readable, { maxBytes, isEnough }: ReadStartOptions): Promise<BodyStart> {
  const chunks: Buffer[] = [];
  let size = 0;
  const text = (): string => Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
  return new Promise((resolve, reject) => {
    const finish = (whole: boolean): void => {
      body.off('data', add);
      body.pause();
      resolve({ text: text(), whole });
    };
    const add = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes || isEnough?.(text())) finish(false);
    };
    body.on('data', add);
    body.once('end', () => finish(true));
    // Stays attached: the connection may still break when all that matters has been read.
    body.on('error', (error) =>
      reject(isBrokenCompression(error) ? new UnreadableBodyError('it cannot be decompressed') : error),
    );
    body.once('close', () => reject(new Error('the connection was closed')));
  });
}

/**
 * Reads a body to its end.
 * @throws as {@link readStart}, and UnreadableBodyError past `maxBytes`.
 */
export async function readWhole(body: Readable, maxBytes: number): Promise<string> {
  const { text, whole } = await readStart(body, { maxBytes });
  if (whole) return text;
  body.destroy();
  throw new UnreadableBodyError(`it is larger than ${maxBytes} bytes`);
}

/**
 * As much of a body as arrives without an error: until it ends or breaks, at most `maxBytes`, at most `maxMs`. Never
 * rejects. What is longer is cut off, which closes its connection.
 */
export async function readSome(
  body: Readable,
  { maxBytes, maxMs }: { readonly maxBytes: number; readonly maxMs: number },
): Promise<string> {
  let soFar = '';
  const note = (text: string): boolean => {
    soFar = text;
    return false;
  };
  const timer = setTimeout(() => body.destroy(), maxMs);
  const read = await readStart(body, { maxBytes, isEnough: note }).catch(() => null);
  clearTimeout(timer);
  if (!read?.whole) body.destroy();
  return read?.text ?? soFar;
}

const smallBytes = 65_536;
const drainMs = 2_000;

/**
 * Drops a body, or the rest of it. A small one is drained in the background, so that its connection can be used again; a
 * large or slow one is cut off.
 * @param announcedBytes the body's Content-Length, null when unknown
 */
export function discard(body: Readable, announcedBytes: number | null): void {
  body.on('error', () => body.destroy());
  if (announcedBytes !== null && announcedBytes > smallBytes) {
    body.destroy();
    return;
  }
  let size = 0;
  const timer = setTimeout(() => body.destroy(), drainMs);
  timer.unref();
  body.once('close', () => clearTimeout(timer));
  body.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > smallBytes) body.destroy();
  });
  // readStart has paused it.
  body.resume();
}

/** The value that a text is JSON for; undefined, which JSON has no word for, when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** Whether a JSON value is an object, which lists and null are not. */
export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

const errorKey = /^(errors?|error_?(code|message)|exception|fault)$/i;
const nothing: readonly unknown[] = ['null', 'false', '""', '[]', '{}'];

/** Whether the object of a 200 says that there was an error. What is missing in it counts for nothing then. */
export function tellsOfError(json: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(json).some(([key, value]) => errorKey.test(key) && !nothing.includes(JSON.stringify(value)));
}

/** The text without a byte order mark and leading whitespace. */
export function bare(text: string): string {
  return text.replace(/^\uFEFF/, '').trimStart();
}

/** What a body looks like, in a word or two for a message; nothing of its content. */
export function bodyForm(text: string): string {
  const start = bare(text);
  if (start === '') return 'an empty body';
  if (/^<\?xml/i.test(start)) return 'XML';
  if (start.startsWith('<')) return 'HTML';
  const json = parseJson(start);
  if (isObject(json)) return 'a JSON object';
  return json === undefined ? 'text' : 'JSON, but no object';
}

/** What an error's body may say of itself; everything else in it may be about participants. */
const keptKeys = ['code', 'error', 'message', 'errorCode', 'errorMessage'] as const;
/** Of a longer body only the beginning is looked at, which is no JSON. */
const longestBody = 16_384;
const longestKept = 2_000;

/** An error's body as `errors.json` keeps it, see {@link keptOfBody}; without the token that was sent, where it is repeated. */
export function errorBody(text: string, token: string): Readonly<Record<string, string>> | null {
  const clean = (said: string): string => (token === '' ? said : said.replaceAll(token, '[secret]'));
  return keptOfBody(parseJson(text.slice(0, longestBody)), clean);
}

/**
 * Of the JSON of an error's body its `code`, `error`, `message`, `errorCode` and `errorMessage` as text, at most 2,000
 * characters of JSON together, with `{session}` for the id of a session in an address; null when it has none of them.
 * Never throws.
 * @param clean removes secrets
 */
export function keptOfBody(
  json: unknown,
  clean: (text: string) => string = (text) => text,
): Readonly<Record<string, string>> | null {
  if (!isObject(json)) return null;
  const kept: Record<string, string> = {};
  let room = longestKept - 2;
  for (const key of keptKeys) {
    const said = textOf(json[key]);
    room -= `"${key}":"",`.length;
    if (said === null || room <= 0) continue;
    kept[key] = shortenedJson(withoutSessions(clean(said)), room);
    room -= JSON.stringify(kept[key]).length - 2;
  }
  return Object.keys(kept).length === 0 ? null : kept;
}

/** Text, numbers and booleans; of an object what it says of itself under the same keys. */
function textOf(value: unknown, isPart = false): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isPart || !isObject(value)) return null;
  const parts = keptKeys.map((key) => textOf(value[key], true)).filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(': ');
}

/** The beginning of a text that takes at most so many characters in JSON, where a control character takes six. */
function shortenedJson(text: string, room: number): string {
  let short = text.slice(0, room).toWellFormed();
  for (let over = 1; over > 0; ) {
    over = JSON.stringify(short).length - 2 - room;
    if (over > 0) short = short.slice(0, -Math.ceil(over / 6)).toWellFormed();
  }
  return short;
}

/** zlib's codes begin with Z_, those of its Brotli half with ERR__ERROR. */
function isBrokenCompression(error: Error): boolean {
  return 'code' in error && /^(Z_|ERR__ERROR)/.test(String(error.code));
}

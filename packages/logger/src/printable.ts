import { isAbsolute, relative } from 'node:path';

/**
 * Text from outside (titles, names, answers of servers), made fit for people to read: one line, and nothing in it that
 * moves the cursor, colours the terminal or turns the direction of writing. Whitespace and control characters become
 * spaces, format characters (bidi marks, zero-width ones) go, half a surrogate pair becomes U+FFFD.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]/gu, ' ');
}

/** The same for a text whose lines are kept. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** The message of anything thrown. Some errors of Node, such as a refused connection to two addresses, only have a code. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

/** A path for people: relative if it is inside the current folder. */
export function displayPath(path: string): string {
  const inside = relative(process.cwd(), path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

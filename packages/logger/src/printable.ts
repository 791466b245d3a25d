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

/** A JSON text with the same meaning, and in it nothing that a terminal or a reader would take for more than text. */
export function printableJson(json: string): string {
  const escaped = (character: string): string =>
    Array.from({ length: character.length }, (_, index) => {
      return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }).join('');
  // Line ends are between the parts of a JSON text, never inside one.
  return json.replace(/[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/gu, escaped);
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

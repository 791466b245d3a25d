import { readFile, realpath } from 'node:fs/promises';
import { codeOf, replaceFile } from '@inventory/files';

/**
 * Sets variables in an existing `.env` file: whole or not at all, mode kept, other lines kept byte for byte. A link to
 * the file stays a link.
 * @returns false when there is no such file (then there is nothing to keep up to date).
 * @throws the file system's error when the file exists and cannot be rewritten.
 */
export async function writeEnvFile(link: string, values: Readonly<Record<string, string>>): Promise<boolean> {
  const path = await realpath(link).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (path === null) return false;
  // Each byte is read as one character, so that comments in any encoding stay as they are.
  const before = await readFile(path, 'latin1');
  await replaceFile(path, Buffer.from(rewriteEnvText(before, values), 'latin1'));
  return true;
}

/**
 * The text of a `.env` file with some variables set anew. Every other line stays as it is: comments, blank lines, order,
 * quotes, unknown variables and line ends. Of a variable that stands several times the last line is set, because that
 * is the one that counts; a missing one is added at the end.
 * @param values variable name → new value, without line breaks; written without quotes.
 */
export function rewriteEnvText(text: string, values: Readonly<Record<string, string>>): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  for (const [name, value] of Object.entries(values)) {
    const assignment = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=\\s*`);
    const at = lines.findLastIndex((line) => assignment.test(line));
    if (at === -1) lines.push(`${name}=${value}`);
    else lines[at] = `${assignment.exec(lines[at] ?? '')?.[0]}${value}`;
  }
  return `${lines.join(eol)}${eol}`;
}

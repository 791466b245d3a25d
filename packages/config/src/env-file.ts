import { statSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { codeOf, replaceFile } from '@inventory/files';
import { parse } from 'dotenv';

/**
 * Sets variables in an existing `.env` file: whole or not at all; its rights and all other bytes stay. A link to the
 * file stays a link.
 * @returns false when there is no such file, or it is no regular one (then there is nothing to keep up to date).
 * @throws the file system's error when the file exists and cannot be rewritten; an Error when it is no text, or would
 * read differently after.
 */
export async function writeEnvFile(link: string, values: Readonly<Record<string, string>>): Promise<boolean> {
  const path = await realpath(link).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  // A device such as /dev/null, or the pipe of a secret store: what takes its place would be neither.
  if (path === null || !(await stat(path)).isFile()) return false;
  const before = await readFile(path);
  if (isUtf16(before)) throw new Error(`${path} ${utf16Advice}`);
  const encoding = Buffer.from(before.toString()).equals(before) ? 'utf8' : 'latin1';
  const after = Buffer.from(rewriteEnvText(before.toString(encoding), values), encoding);
  assertSet(after, before, values);
  await replaceFile(path, after);
  return true;
}

/**
 * An assignment as dotenv finds it (the expression of dotenv 18, with names): it may follow a byte order mark, have
 * `: ` in place of `=`, and a quoted value over several lines.
 */
const assignment =
  /^(?<head>\s*(?:export\s+)?(?<name>[\w.-]+)(?:\s*=\s*?|:\s+?))(?<value>\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$/gm;

/** What may be written without quotes: nothing that dotenv or a shell would read as more than a value. */
const plainValue = /^[\w.~+/=-]*$/;

/**
 * The text of a `.env` file with some variables replaced, found as dotenv finds them. All else stays as it is:
 * comments, blank lines, order, quotes, other variables and line ends (those of Windows, Unix or old Macs). If a
 * variable is assigned several times, the last assignment is set, because that is the one that counts; a missing one is
 * added at the end.
 * @param values variable name → new value; written without quotes
 * @throws Error when a value would need quotes, or the text cannot be changed without changing other variables
 */
export function rewriteEnvText(text: string, values: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [name, value] of Object.entries(values)) {
    if (!plainValue.test(value)) throw new Error(`The new value of ${name} holds characters that it must not hold.`);
    result = withValue(result, name, value);
  }
  return result;
}

function withValue(text: string, name: string, value: string): string {
  const last = [...text.matchAll(assignment)].findLast(({ groups }) => groups?.['name'] === name);
  const changed = last === undefined ? appended(text, `${name}=${value}`) : [replaced(text, last, value)];
  const result = changed.find((candidate) => isSet(candidate, text, { [name]: value }));
  if (result === undefined) throw new Error(`${name} cannot be set without changing other variables; set it by hand.`);
  return result;
}

/** Puts a value in the place of the old one, whatever lines that had, and of a comment behind it. */
function replaced(text: string, { index, groups }: RegExpExecArray, value: string): string {
  const { head = '', value: old = '' } = groups ?? {};
  const from = index + head.length;
  const rest = text.slice(from + old.length).replace(/^[^\S\r\n]*(?:#.*)?/, '');
  const blanks = /^(?!\s*[\r\n])\s*/.exec(old)?.[0] ?? '';
  return text.slice(0, from) + blanks + value + rest;
}

/** A line at the end; where the one before it would swallow it (`NAME:` without a value), behind an empty line. */
function appended(text: string, line: string): string[] {
  const eol = /\r\n?|\n/.exec(text)?.[0] ?? '\n';
  const start = text === '' || /[\r\n]$/.test(text) ? text : text + eol;
  return [start + line + eol, start + eol + line + eol];
}

function assertSet(after: Buffer, before: Buffer, values: Readonly<Record<string, string>>): void {
  if (!isSet(after, before, values)) throw new Error('It would read differently in other places after the change.');
}

/** Whether dotenv reads the new values, and all other variables as before. */
function isSet(after: string | Buffer, before: string | Buffer, values: Readonly<Record<string, string>>): boolean {
  const [read, wanted] = [parse(after), { ...parse(before), ...values }];
  const names = Object.keys(wanted);
  return Object.keys(read).length === names.length && names.every((name) => read[name] === wanted[name]);
}

/** Whether a file is UTF-16, as Windows tools write it, or no text at all. */
export function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.subarray(0, 2).toString('hex');
  return mark === 'fffe' || mark === 'feff' || bytes.includes(0);
}

/** What follows the file's name. */
export const utf16Advice =
  'is UTF-16, or no text: save it as UTF-8 (in PowerShell: Set-Content -Encoding utf8, not > or Out-File).';

/** What is wrong with the mode of a settings file, and what to do; null when nothing is, or there is none. */
export function envFileExposure(path: string | null): string | null {
  const found = path === null ? undefined : statSync(path, { throwIfNoEntry: false });
  // Windows keeps its rights elsewhere; a device or a pipe keeps nothing.
  if (found === undefined || !found.isFile() || process.platform === 'win32' || (found.mode & 0o006) === 0) return null;
  const { mode } = found;
  const act = (mode & 0o002) === 0 ? 'read' : 'read or changed';
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return `${path} holds secrets and can be ${act} by every user of this machine (mode ${octal}): chmod 600 ${path}`;
}

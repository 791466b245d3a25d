import { styleText } from 'node:util';
import { fitted, printable, printableJson } from '@inventory/logger';
import type { ExitCode } from '@inventory/runtime';

/** The result of a command: for people, for machines, and as an exit code. */
export interface Answer {
  readonly code: ExitCode;
  readonly lines: readonly string[];
  /** The same as one object; times are ISO 8601 in UTC unless their name says otherwise. Printed in snake_case. */
  readonly json: object;
}

/** Prints an answer to stdout. @param json only the JSON object, instead of lines @returns its exit code */
export function printAnswer({ code, lines, json: object }: Answer, { json = false }: { json?: boolean }): ExitCode {
  // Titles and names come from outside: their control characters must not reach a terminal.
  const shown = (line: string): string => paintMarks(fitted(printable(line), process.stdout));
  const forPeople = (): string => lines.map(shown).join('\n');
  const text = json ? printableJson(JSON.stringify(object, withSnakeCaseKeys, 2)) : forPeople();
  process.stdout.write(`${text}\n`);
  return code;
}

/** Names of keys as in the state files; keys that are data (`no sessions`, `ClassicUT`) stay as they are. */
function withSnakeCaseKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [snakeCase(key), part]));
}

function snakeCase(key: string): string {
  return /^[a-z]+([A-Z][a-z]*)+$/.test(key) ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key;
}

const colours = { PASS: 'green', WARN: 'yellow', FAIL: 'red', INFO: 'cyan' } as const;

/** Colours the marks `[PASS]`, `[WARN]`, `[FAIL]`, `[INFO]` of a line, on a terminal and unless `NO_COLOR` is set. */
function paintMarks(line: string): string {
  return line.replace(/\[(PASS|WARN|FAIL|INFO)\]/, (mark, word: keyof typeof colours) =>
    // Node checks whether stdout is a terminal, and NO_COLOR.
    styleText(colours[word], mark, { stream: process.stdout, validateStream: true }),
  );
}

const labelWidth = 13;

/** Lines with a label before the first one; the others are indented as far. */
export function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? label : '').padEnd(labelWidth)}${line}`);
}

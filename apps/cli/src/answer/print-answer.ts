import type { ExitCode } from '@inventory/runtime';
import type { Answer } from './answer.ts';
import { paintMarks } from './paint-marks.ts';

/** Prints an answer to stdout. @param json the JSON object instead of lines, and nothing else @returns its exit code */
export function printAnswer({ code, lines, json: object }: Answer, { json = false }: { json?: boolean }): ExitCode {
  // Titles and names are other people's: no control characters of theirs reach a terminal.
  const forPeople = (): string => lines.map((line) => paintMarks(line.replace(/\p{Cc}/gu, ' '))).join('\n');
  const text = json ? JSON.stringify(object, null, 2) : forPeople();
  process.stdout.write(`${text}\n`);
  return code;
}

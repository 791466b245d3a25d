import { styleText } from 'node:util';

const colours = { PASS: 'green', WARN: 'yellow', FAIL: 'red', INFO: 'cyan' } as const;

/** Colours the marks `[PASS]`, `[WARN]`, `[FAIL]`, `[INFO]` of a line, on a terminal and unless `NO_COLOR` is set. */
export function paintMarks(line: string): string {
  return line.replace(/\[(PASS|WARN|FAIL|INFO)\]/, (mark, word: keyof typeof colours) =>
    // Node asks stdout whether it is a terminal, and the environment for NO_COLOR.
    styleText(colours[word], mark, { stream: process.stdout, validateStream: true }),
  );
}

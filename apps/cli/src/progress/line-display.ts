import type { ProgressDisplay } from './progress-display.ts';

/** Progress without a terminal: one line a finished test. */
export function lineDisplay(write: (text: string) => void): ProgressDisplay {
  const print = (text: string): void => write(`${text}\n`);
  return { line: print, say: print, update: () => undefined, end: () => undefined };
}

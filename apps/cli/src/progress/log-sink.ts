import { Writable } from 'node:stream';

/** Takes log lines to the terminal, or to whoever has something on the screen that they must not run into. */
export interface LogSink extends Writable {
  readonly isTTY: boolean;
  hasColors(): boolean;
  /** Where lines go from now on; null for the terminal itself. */
  divert(write: ((text: string) => void) | null): void;
}

/** A sink for the log of a process with progress on its terminal. @param terminal stderr */
export function logSink(terminal: NodeJS.WriteStream): LogSink {
  let diverted: ((text: string) => void) | null = null;
  const lines = new Writable({
    write(chunk, _, done) {
      if (diverted === null) terminal.write(chunk);
      else diverted(String(chunk));
      done();
    },
  });
  return Object.assign(lines, {
    isTTY: terminal.isTTY,
    hasColors: () => terminal.hasColors(),
    divert(write: ((text: string) => void) | null): void {
      diverted = write;
    },
  });
}

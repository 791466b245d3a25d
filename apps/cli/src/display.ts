import { Writable } from 'node:stream';
import { printable } from '@inventory/logger';
import type { Runtime } from '@inventory/runtime';
import { MultiBar, type SingleBar } from 'cli-progress';

/** What the progress shows at one moment. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** For example `about 214 requests, 21 min, until 14:32`. */
  readonly note: string;
}

/** Where the progress of a run is shown: lines, which may hold text from outside and are made {@link printable}. */
export interface ProgressDisplay {
  /** One finished test. */
  line(text: string): void;
  /** Something that must be seen on every kind of display. */
  say(text: string): void;
  update(state: ProgressState): void;
  end(): void;
}

/** Progress without a terminal: one line per finished test. */
export function lineDisplay(write: (text: string) => void): ProgressDisplay {
  const print = (text: string): void => write(`${printable(text)}\n`);
  return { line: print, say: print, update: () => undefined, end: () => undefined };
}

/**
 * Progress on a terminal: a bar that stays at the bottom from the first progress on, and notices above it.
 * @param sink while the bar is shown, its log lines go above the bar too; null when the log goes elsewhere
 */
export function barDisplay(sink: LogSink | null): ProgressDisplay {
  const bars = new MultiBar({
    // One column is left free: a terminal may wrap a line that fills it.
    format: (_, { value, total }, { note }) =>
      progressLine({ done: value, total, note }, (process.stdout.columns || 80) - 1),
    stream: process.stdout,
    hideCursor: true,
    fps: 8,
    linewrap: true,
    gracefulExit: false,
  });
  let bar: SingleBar | null = null;
  const above = (text: string): void => void (bar === null ? process.stdout.write(text) : bars.log(text));
  return {
    line: () => undefined,
    say: (text) => above(`${printable(text)}\n`),
    update({ done, total, ...state }: ProgressState) {
      const note = printable(state.note);
      if (bar === null) sink?.divert(above);
      bar ??= bars.create(total, done, { note });
      bar.setTotal(total);
      bar.update(done, { note });
    },
    end() {
      if (bar === null) return;
      bar = null;
      sink?.divert(null);
      // The last notices have not been drawn yet.
      bars.update();
      bars.stop();
    },
  };
}

const barWidth = { least: 8, most: 24 };

/**
 * Progress in one line that fits: the bar shrinks first, then it goes, then the first parts of the note.
 * @param columns width of the terminal
 */
export function progressLine({ done, total, note }: ProgressState, columns: number): string {
  const counts = `${done}/${total} tests`;
  const parts = note.split(', ');
  const texts = parts.map((_, from) => `${counts}  ${parts.slice(from).join(', ')}`);
  const text = texts.find(({ length }) => length <= columns) ?? counts;
  const room = Math.min(barWidth.most, columns - text.length - 1);
  return room < barWidth.least ? text : `${barOf(total === 0 ? 0 : done / total, room)} ${text}`;
}

function barOf(share: number, width: number): string {
  const full = Math.round(share * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** Writes log lines to the terminal, or to a display that they must not run into. */
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

/**
 * The same runtime with a quieter log: the progress already shows each finished test.
 * @param level what is still logged: `error` where the progress shows pauses as well
 */
export function quiet(runtime: Runtime, level: 'warn' | 'error' = 'warn'): Runtime {
  const chatty = ['info', 'warn'].includes(runtime.settings.logLevel);
  return chatty ? { ...runtime, logger: runtime.logger.child({}, { level }) } : runtime;
}

import { fitted, type LogSink, printable } from '@inventory/logger';
import type { Runtime } from '@inventory/runtime';
import { numberText } from '@inventory/status/words';
import { MultiBar, type SingleBar } from 'cli-progress';
import width from 'string-width';

export interface ProgressState {
  readonly done: number;
  readonly total: number;
  /** About the rest, the most important first: `27 min left (ends about 10:57)`, `~265 requests to go`. */
  readonly left: readonly string[];
  /** What was done and where it is now: `35 requests`, `no 429`, `in Checkout`. */
  readonly soFar: readonly string[];
}

/** Where the progress of a run is shown: lines, which may hold text from outside and are made {@link printable}. */
export interface ProgressDisplay {
  /** What is waited for before there is progress; until `end` or the next call. */
  wait(what: string): void;
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
  return { wait: () => undefined, line: print, say: print, update: () => undefined, end: () => undefined };
}

/**
 * Progress on a terminal: two lines that stay at the bottom, and notices above them.
 * @param sink while they are shown, log lines go above them too; null when the log goes elsewhere
 */
export function barDisplay(sink: DivertedLog | null): ProgressDisplay {
  let shown: { readonly kind: 'wait' | 'progress'; readonly bars: MultiBar; readonly lines: SingleBar[] } | null = null;
  const above = (text: string): void =>
    void (shown === null ? process.stdout.write(text) : shown.bars.log(overProgress(text)));
  /** @param texts of each line, for a number of columns */
  const show = (kind: 'wait' | 'progress', texts: readonly ((columns: number) => string)[]): void => {
    if (shown !== null && shown.kind !== kind) end();
    if (shown === null) {
      const bars = createBars({ clearOnComplete: kind === 'wait' });
      shown = { kind, bars, lines: texts.map((text) => bars.create(0, 0, { text })) };
      sink?.divert(above);
      process.once('exit', end);
    }
    for (const [index, line] of shown.lines.entries()) line.update({ text: texts[index] });
  };
  function end(): void {
    if (shown === null) return;
    const { bars } = shown;
    shown = null;
    process.off('exit', end);
    sink?.divert(null);
    // The last notices have not been drawn yet.
    bars.update();
    bars.stop();
  }
  return {
    wait: (what) => show('wait', [(columns) => cut(`${spinner()} ${printable(what)}`, columns)]),
    line: () => undefined,
    say: (text) => above(`${fitted(printable(text), process.stdout)}\n`),
    update: (state) =>
      show('progress', [(columns) => progressLine(state, columns), (columns) => soFarLine(state, columns)]),
    end,
  };
}

/** A text in place of the progress: its second line comes where the progress had one, and clears what is left of that. */
export function overProgress(text: string): string {
  return text.replaceAll('\n', '\u001b[K\n');
}

function createBars(options: { readonly clearOnComplete: boolean }): MultiBar {
  return new MultiBar({
    // One column is left free: a terminal may wrap a line that fills it.
    format: (_, __, { text }) => text((process.stdout.columns || 80) - 1),
    stream: process.stdout,
    hideCursor: true,
    fps: 8,
    linewrap: true,
    gracefulExit: false,
    ...options,
  });
}

const barWidth = { least: 8, most: 24 };

/**
 * Progress in one line that fits: the bar shrinks first, then it goes, then the last parts about the rest.
 * @param columns width of the terminal
 */
export function progressLine({ done, total, left }: ProgressState, columns: number): string {
  const counts = `${numberText(done)}/${numberText(total)} tests`;
  const texts = left.map((_, index) => `${counts}  ${left.slice(0, left.length - index).join(', ')}`);
  const text = texts.find(({ length }) => length <= columns) ?? counts;
  const room = Math.min(barWidth.most, columns - text.length - 1);
  return room < barWidth.least ? text : `${barOf(total === 0 ? 0 : done / total, room)} ${text}`;
}

function soFarLine({ soFar }: ProgressState, columns: number): string {
  return cut(`${spinner()} ${printable(soFar.join(', '))}`, columns);
}

function barOf(share: number, width: number): string {
  const full = Math.round(share * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

const spinnerFrames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];

/** It turns as long as this process is alive. */
function spinner(): string {
  return spinnerFrames[Math.floor(Date.now() / 125) % spinnerFrames.length] ?? '';
}

function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let shown = '';
  for (const character of text) {
    if (width(shown + character) >= columns) break;
    shown += character;
  }
  return `${shown}…`;
}

/** Log lines on a terminal, or on a display that they must not run into. */
interface DivertedLog extends LogSink {
  /** Where lines go from now on; null for the terminal itself. */
  divert(write: ((text: string) => void) | null): void;
}

/** @param terminal stderr */
export function divertedLog(terminal: NodeJS.WriteStream): DivertedLog {
  let diverted: ((text: string) => void) | null = null;
  return {
    isTTY: terminal.isTTY,
    get columns() {
      return terminal.columns;
    },
    hasColors: () => terminal.hasColors(),
    write: (text) => (diverted === null ? terminal.write(text) : diverted(text)),
    divert(write) {
      diverted = write;
    },
  };
}

/**
 * The same runtime with a quieter log: the progress already shows each finished test.
 * @param level what is still logged: `error` where the progress shows pauses as well
 */
export function quiet(runtime: Runtime, level: 'warn' | 'error' = 'warn'): Runtime {
  const chatty = ['info', 'warn'].includes(runtime.settings.logLevel);
  return chatty ? { ...runtime, logger: runtime.logger.child({}, { level }) } : runtime;
}

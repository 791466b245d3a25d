import { MultiBar, type SingleBar } from 'cli-progress';
import type { LogSink } from './log-sink.ts';
import type { ProgressDisplay, ProgressState } from './progress-display.ts';
import { progressLine } from './progress-line.ts';

/**
 * Progress on a terminal: a bar that stays at the bottom from the first progress on, and what has to be said above it.
 * @param sink takes the log of this process above the bar as well; null when that goes elsewhere
 */
export function barDisplay(sink: LogSink | null): ProgressDisplay {
  const bars = new MultiBar({
    // One place less than there is: a terminal may wrap a line that fills it.
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
    say: (text) => above(`${text}\n`),
    update({ done, total, note }: ProgressState) {
      if (bar === null) sink?.divert(above);
      bar ??= bars.create(total, done, { note });
      bar.setTotal(total);
      bar.update(done, { note });
    },
    end() {
      if (bar === null) return;
      bar = null;
      sink?.divert(null);
      // What was said last is still to be shown.
      bars.update();
      bars.stop();
    },
  };
}

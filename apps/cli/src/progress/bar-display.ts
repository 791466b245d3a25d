import { MultiBar, Presets } from 'cli-progress';
import type { ProgressDisplay, ProgressState } from './progress-display.ts';

const format = '{bar} {value}/{total} tests  {note}';

/** Progress on a terminal: a bar that stays at the bottom, and what has to be said above it. */
export function barDisplay(): ProgressDisplay {
  const bars = new MultiBar(
    {
      format,
      stream: process.stdout,
      hideCursor: true,
      barsize: 24,
      fps: 8,
      linewrap: null,
      gracefulExit: false,
      emptyOnZero: true,
    },
    Presets.shades_classic,
  );
  const bar = bars.create(0, 0, { note: 'listing' });
  return {
    line: () => undefined,
    say: (text) => bars.log(`${text}\n`),
    update({ done, total, note }: ProgressState) {
      bar.setTotal(total);
      bar.update(done, { note });
    },
    end: () => bars.stop(),
  };
}

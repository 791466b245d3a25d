import type { ProgressState } from './progress-display.ts';

const bar = { least: 8, most: 24 };

/**
 * Progress in one line that fits: the bar shrinks first, then it goes, then the first parts of the note.
 * @param columns width of the terminal
 */
export function progressLine({ done, total, note }: ProgressState, columns: number): string {
  const counts = `${done}/${total} tests`;
  const parts = note.split(', ');
  const texts = parts.map((_, from) => `${counts}  ${parts.slice(from).join(', ')}`);
  const text = texts.find(({ length }) => length <= columns) ?? counts;
  const room = Math.min(bar.most, columns - text.length - 1);
  return room < bar.least ? text : `${barOf(total === 0 ? 0 : done / total, room)} ${text}`;
}

function barOf(share: number, width: number): string {
  const full = Math.round(share * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

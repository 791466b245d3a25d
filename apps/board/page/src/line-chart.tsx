import { numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { scaleOf } from './age-bars.ts';

/** A line of a chart. Both coordinates are shares of the whole width and values on the scale. */
interface Line {
  /** `line`, `area`, `limit` or `forecast`. */
  readonly look: string;
  /** From left to right: x from 0 to 1, and the value there; null where it is not known. */
  readonly points: readonly (readonly [x: number, value: number | null])[];
}

interface LineChartProps {
  /** What is seen, in a sentence. */
  readonly label: string;
  readonly lines: readonly Line[];
  /** What is written below the left end, the middle and the right end. */
  readonly below: readonly string[];
}

/** Lines over time, with a scale. */
export function LineChart({ label, lines, below }: LineChartProps): JSX.Element {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0));
  const scale = scaleOf(Math.max(...values));
  const top = scale.at(-1) ?? 1;
  const share = (value: number): string => `${(100 * value) / top}%`;
  return (
    <div class="chart" role="img" aria-label={label}>
      <div class="chart-scale">
        {scale.map((value) => (
          <span key={value} style={{ bottom: share(value) }}>
            {numberText(value)}
          </span>
        ))}
      </div>
      <div class="chart-bars">
        {scale.map((value) => (
          <hr key={value} style={{ bottom: share(value) }} />
        ))}
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {lines.map(({ look, points }) => (
            <path key={look} class={look} d={pathOf(points, top)} />
          ))}
        </svg>
      </div>
      <div class="chart-ends">
        {below.map((text) => (
          <span key={text}>{text}</span>
        ))}
      </div>
    </div>
  );
}

/** Draws a line, with gaps where a value is not known. */
function pathOf(points: Line['points'], top: number): string {
  let pen = 'M';
  return points
    .map(([x, value]) => {
      if (value === null) {
        pen = 'M';
        return '';
      }
      const drawn = `${pen}${(100 * x).toFixed(2)} ${(100 - (100 * value) / top).toFixed(2)}`;
      pen = 'L';
      return drawn;
    })
    .join('');
}

import { numberText } from '@inventory/status/words';
import type { ComponentChildren, JSX } from 'preact';
import { scaleOf } from './age-bars.ts';

interface ChartProps {
  /** What is seen, in a sentence. */
  readonly label: string;
  /** `img`, or `group` where parts of it are links. */
  readonly role: 'img' | 'group';
  /** The highest value that is shown. */
  readonly highest: number;
  /** What is written below. */
  readonly below: ComponentChildren;
  onPointerLeave?(event: PointerEvent): void;
  /** What is drawn. @param top the value at the upper end @param share the part of the height that a value takes */
  children(top: number, share: (value: number) => string): ComponentChildren;
}

/** A scale with its lines, and what is drawn on it. */
export function Chart({ label, role, highest, below, onPointerLeave, children }: ChartProps): JSX.Element {
  const scale = scaleOf(highest);
  const top = scale.at(-1) ?? 1;
  const share = (value: number): string => `${(100 * value) / top}%`;
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have a label
    <div class="chart" role={role} aria-label={label}>
      <div class="chart-scale">
        {scale.map((value) => (
          <span key={value} style={{ bottom: share(value) }}>
            {numberText(value)}
          </span>
        ))}
      </div>
      <div class="chart-bars" onPointerLeave={onPointerLeave}>
        {scale.map((value) => (
          <hr key={value} style={{ bottom: share(value) }} />
        ))}
        {children(top, share)}
      </div>
      {below}
    </div>
  );
}

/** A value at a place from 0, the left end, to 1; null where it is not known. */
type Point = readonly [x: number, value: number | null];

interface LineChartProps extends Pick<ChartProps, 'label'> {
  /** From left to right. */
  readonly line: readonly Point[];
  /** A value that is drawn from end to end; null for none. */
  readonly limit?: number | null;
  /** Whether the line is expected to be at zero at the right end. */
  readonly endsAtZero?: boolean;
  /** What is written below the left end, the middle and the right end. */
  readonly below: readonly string[];
}

/** A line over time. */
export function LineChart({ label, line, limit = null, endsAtZero = false, below }: LineChartProps): JSX.Element {
  const highest = Math.max(limit ?? 0, ...line.map(([, value]) => value ?? 0));
  const ends = (
    <div class="chart-ends">
      {below.map((text) => (
        <span key={text}>{text}</span>
      ))}
    </div>
  );
  return (
    <Chart label={label} role="img" highest={highest} below={ends}>
      {(top) => {
        const place = (x: number, value: number): string =>
          `${(100 * x).toFixed(2)} ${(100 - (100 * value) / top).toFixed(2)}`;
        const [lastX, last] = line.at(-1) ?? [0, null];
        return (
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            {limit !== null && <path class="limit" d={`M${place(0, limit)}H100`} />}
            {endsAtZero && last !== null && <path class="forecast" d={`M${place(lastX, last)}L${place(1, 0)}`} />}
            <path d={pathOf(line, place)} />
          </svg>
        );
      }}
    </Chart>
  );
}

/** Draws a line, with gaps where a value is not known. */
function pathOf(points: readonly Point[], place: (x: number, value: number) => string): string {
  const isKnown = (index: number): boolean => (points[index]?.[1] ?? null) !== null;
  return points
    .map(([x, value], index) => (value === null ? '' : `${isKnown(index - 1) ? 'L' : 'M'}${place(x, value)}`))
    .join('');
}

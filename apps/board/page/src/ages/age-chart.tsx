import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { AgeBar } from './age-bars.ts';
import { drawAges } from './draw-ages.ts';
import { useDark } from './use-dark.ts';

/** The ages as stacked bars. @param label what they show, for who can't see them */
export function AgeChart({ bars, label }: { bars: readonly AgeBar[]; label: string }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<ReturnType<typeof drawAges> | null>(null);
  const dark = useDark();
  useEffect(() => {
    if (canvas.current === null) return;
    chart.current = drawAges(canvas.current);
    return () => chart.current?.end();
  }, [dark]);
  const figures = JSON.stringify(bars);
  useEffect(() => chart.current?.show(bars), [figures, dark]);
  return (
    <div class="chart">
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}

import { BarController, BarElement, CategoryScale, Chart, type ChartDataset, LinearScale, Tooltip } from 'chart.js';
import { types } from '../answers/type.ts';
import { typeName } from '../answers/type-name.ts';
import { typeSlug } from '../answers/type-slug.ts';
import type { AgeBar } from './age-bars.ts';
import { ageName } from './age-name.ts';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

/** Draws ages on a canvas, in the colours that the style sheet has now. */
export function drawAges(canvas: HTMLCanvasElement): { show(bars: readonly AgeBar[]): void; end(): void } {
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const font = { family: style.fontFamily, size: 12 };
  const ticks = { color: colour('soft'), font, maxRotation: 0, autoSkipPadding: 16 };
  const labels: string[] = [];
  const chart = new Chart(canvas, {
    type: 'bar',
    data: { labels, datasets: [] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: { stacked: true, grid: { display: false }, border: { color: colour('line') }, ticks },
        y: {
          stacked: true,
          grid: { color: colour('line') },
          border: { display: false },
          ticks: { ...ticks, precision: 0, maxTicksLimit: 5 },
        },
      },
      plugins: {
        tooltip: {
          filter: ({ raw }) => raw !== 0,
          titleFont: font,
          bodyFont: font,
          boxPadding: 4,
        },
      },
    },
  });
  return {
    show(bars) {
      chart.data.labels = bars.map(({ name }) => ageName(name));
      chart.data.datasets = types.map(
        (type): ChartDataset<'bar', number[]> => ({
          label: typeName(type),
          data: bars.map(({ counts }) => counts[type] ?? 0),
          backgroundColor: colour(typeSlug(type)),
          categoryPercentage: 0.9,
          barPercentage: 0.94,
          maxBarThickness: 36,
        }),
      );
      chart.update('none');
    },
    end: () => chart.destroy(),
  };
}

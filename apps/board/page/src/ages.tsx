import { countOf, numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { listingHref } from './addresses.ts';
import { type AgeBar, ageBars } from './age-bars.ts';
import { type Summary, typeClass, typeNames } from './answers.ts';
import { Chart } from './chart.tsx';
import { CountsTable, countedTypes } from './counts.tsx';
import { Panel } from './panel.tsx';
import { Link } from './route.tsx';
import { periodText } from './words.ts';

const mostLabels = 6;

/** How old the library is: tests by the month in which they were ordered. */
export function Ages({ months }: { months: Summary['by_month'] }): JSX.Element {
  const bars = ageBars(months);
  const undated = months.find(({ month }) => month === null)?.total ?? 0;
  const span = [bars.at(0), bars.at(-1)].map((bar) => (bar === undefined ? '' : periodText(bar.period)));
  const note = [
    ...(bars.length > 0 ? [span.join(' – ')] : []),
    ...(undated > 0 ? [`${countOf(undated, 'test')} without a date`] : []),
  ].join(' · ');
  return (
    <Panel id="ages" title="Age of the library" note={note}>
      {bars.length === 0 && <p class="hint">No test has a date.</p>}
      {bars.length > 0 && (
        <>
          <AgeChart
            bars={bars}
            label={`Tests by type and month of order, ${span.join(' to ')}. The table below has the same figures.`}
          />
          <CountsTable
            caption="Tests by month of order"
            of="Ordered"
            rows={bars.toReversed().map(({ period, counts }) => ({
              key: period,
              name: periodText(period),
              href: listingHref({ ordered: period }),
              counts,
            }))}
          />
        </>
      )}
    </Panel>
  );
}

/**
 * Stacked bars with a scale; the figures of the bar under the pointer are shown above it, and each leads to its tests.
 * The keyboard reaches the same links in the table below.
 */
function AgeChart({ bars, label }: { bars: readonly AgeBar[]; label: string }): JSX.Element {
  const [pointed, point] = useState<number | null>(null);
  const labelEvery = Math.ceil(bars.length / mostLabels);
  const labelled = bars.filter((_, index) => index % labelEvery === 0 && index + labelEvery <= bars.length);
  const periods = (
    <div class={labelEvery === 1 ? 'chart-periods' : 'chart-periods wide'}>
      {labelled.map(({ period }) => (
        <span key={period} style={{ width: `${(100 * labelEvery) / bars.length}%` }}>
          {periodText(period)}
        </span>
      ))}
    </div>
  );
  return (
    <Chart
      label={label}
      role="group"
      highest={Math.max(...bars.map(({ total }) => total))}
      below={periods}
      onPointerLeave={({ pointerType }) => pointerType === 'mouse' && point(null)}
    >
      {(_, share) => (
        <>
          {bars.map(({ period, counts, total }, index) => (
            <div key={period} class="chart-column" onPointerEnter={() => point(index)}>
              {total > 0 && (
                <Link
                  href={listingHref({ ordered: period })}
                  tabIndex={-1}
                  aria-label={`${periodText(period)}: ${countOf(total, 'test')}`}
                >
                  {countedTypes(counts).map(([type, count]) => (
                    <span key={type} class={typeClass(type)} style={{ height: share(count) }} />
                  ))}
                </Link>
              )}
            </div>
          ))}
          <ChartTip bars={bars} pointed={pointed} />
        </>
      )}
    </Chart>
  );
}

/** The figures of one bar, beside it and always within the chart. */
function ChartTip({ bars, pointed }: { bars: readonly AgeBar[]; pointed: number | null }): JSX.Element | null {
  const bar = pointed === null ? undefined : bars[pointed];
  if (bar === undefined || pointed === null) return null;
  const place = `${(100 * (pointed + 0.5)) / bars.length}%`;
  return (
    <div class="chart-tip" style={{ left: place, transform: `translateX(-${place})` }}>
      <b>{periodText(bar.period)}</b>
      {countedTypes(bar.counts).map(([type, count]) => (
        <span key={type}>
          <i class={`swatch ${typeClass(type)}`} /> {typeNames[type]}: {numberText(count)}
        </span>
      ))}
      {bar.total === 0 && <span>No tests</span>}
    </div>
  );
}

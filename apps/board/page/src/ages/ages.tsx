import type { JSX } from 'preact';
import type { Summary } from '../answers/summary.ts';
import { AsTable } from '../figures/as-table.tsx';
import { CountsTable } from '../figures/counts-table.tsx';
import { countOf } from '../words/count.ts';
import { ageBars } from './age-bars.ts';
import { AgeChart } from './age-chart.tsx';
import { ageName } from './age-name.ts';

/** How old the library is: tests by the month in which they were ordered. */
export function Ages({ months }: { months: Summary['byMonth'] }): JSX.Element {
  const bars = ageBars(months);
  const undated = months.find(({ month }) => month === null)?.total ?? 0;
  const [first, last] = [bars.at(0), bars.at(-1)].map((bar) => (bar === undefined ? '' : ageName(bar.name)));
  const label = `Tests by type and month of order, ${first} to ${last}. The same figures stand in the table below.`;
  return (
    <section class="panel" aria-labelledby="ages-title">
      <header class="panel-head">
        <h2 id="ages-title">Age of the library</h2>
        <p>
          {bars.length > 0 && `${first} – ${last}`}
          {undated > 0 && ` · ${countOf(undated, 'test')} without a date`}
        </p>
      </header>
      {bars.length === 0 ? <p class="hint">No test has a date.</p> : <AgeChart bars={bars} label={label} />}
      {bars.length > 0 && (
        <AsTable>
          {() => (
            <CountsTable
              caption="Tests by month of order"
              of="Ordered"
              rows={bars.toReversed().map(({ name, counts }) => ({ key: name, name: ageName(name), counts }))}
            />
          )}
        </AsTable>
      )}
    </section>
  );
}

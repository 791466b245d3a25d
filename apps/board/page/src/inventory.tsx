import type { JSX } from 'preact';
import { Ages } from './ages/ages.tsx';
import type { Summary } from './answers/summary.ts';
import type { TestsPage } from './answers/test-row.ts';
import type { Answered } from './ask/use-answer.ts';
import { Errors } from './errors/errors.tsx';
import { Figures } from './figures/figures.tsx';
import type { Route } from './route/use-route.ts';
import { PastRuns } from './runs/past-runs.tsx';
import { Tests } from './tests/tests.tsx';
import { Workspaces } from './workspaces/workspaces.tsx';

interface InventoryProps {
  readonly summary: Summary;
  readonly found: Answered<TestsPage>;
  readonly route: Route;
}

/** The whole library: figures, ages, workspaces, what happened, and the table. */
export function Inventory({ summary, found, route }: InventoryProps): JSX.Element | null {
  const happened = (
    <>
      <Errors summary={summary} go={route.go} />
      <PastRuns summary={summary} />
    </>
  );
  if (summary.tests.total === 0) return happened;
  return (
    <>
      <Figures summary={summary} go={route.go} />
      <div class="pair">
        <Ages months={summary.byMonth} />
        <Workspaces summary={summary} go={route.go} />
      </div>
      {happened}
      <Tests route={route} found={found} workspaces={summary.workspaces} />
    </>
  );
}

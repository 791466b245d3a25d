import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Summary } from '../answers/summary.ts';
import { AsTable } from '../figures/as-table.tsx';
import { CountsTable } from '../figures/counts-table.tsx';
import type { Route } from '../route/use-route.ts';
import { number } from '../words/count.ts';
import { WorkspaceLine } from './workspace-line.tsx';

const few = 8;

/** The workspaces side by side; each leads to its tests. */
export function Workspaces({ summary, go }: { summary: Summary; go: Route['go'] }): JSX.Element {
  const [all, showAll] = useState(false);
  const { workspaces } = summary;
  const shown = all ? workspaces : workspaces.slice(0, few);
  const largest = Math.max(1, ...workspaces.map(({ total }) => total));
  return (
    <section class="panel" aria-labelledby="workspaces-title">
      <header class="panel-head">
        <h2 id="workspaces-title">Workspaces</h2>
        <p>{number(workspaces.length)}</p>
      </header>
      <ul class="workspaces">
        {shown.map((workspace) => (
          <WorkspaceLine key={workspace.uuid} workspace={workspace} largest={largest} go={go} />
        ))}
      </ul>
      {workspaces.length > few && (
        <button type="button" class="quiet" aria-expanded={all} onClick={() => showAll(!all)}>
          {all ? 'Show fewer' : `Show all ${number(workspaces.length)}`}
        </button>
      )}
      <AsTable>
        {() => (
          <CountsTable
            caption="Tests by workspace"
            of="Workspace"
            rows={workspaces.map(({ uuid, name, byCategory }) => ({
              key: uuid,
              name: name || uuid,
              counts: byCategory,
            }))}
          />
        )}
      </AsTable>
    </section>
  );
}

import { countOf, numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { listingHref } from './addresses.ts';
import type { Summary, Workspace } from './answers.ts';
import { CountsTable, TypeBar } from './counts.tsx';
import { Panel, useFirst } from './panel.tsx';
import { Link } from './route.tsx';

const few = 8;

/** The workspaces side by side. Each leads to its tests. */
export function Workspaces({ workspaces }: Pick<Summary, 'workspaces'>): JSX.Element {
  const { shown, button } = useFirst(workspaces, few);
  const largest = Math.max(1, ...workspaces.map(({ total }) => total));
  const rows = workspaces.map(({ uuid, name, by_category }) => ({
    key: uuid,
    name: name || uuid,
    href: listingHref({ workspace: uuid }),
    counts: by_category,
  }));
  return (
    <Panel id="workspaces" title="Workspaces" note={numberText(workspaces.length)}>
      <ul class="workspaces">
        {shown.map((workspace) => (
          <WorkspaceItem key={workspace.uuid} workspace={workspace} largest={largest} />
        ))}
      </ul>
      {button}
      <CountsTable caption="Tests by workspace" of="Workspace" rows={rows} />
    </Panel>
  );
}

/** @param largest tests of the largest workspace, for the length of the bars */
function WorkspaceItem({ workspace, largest }: { workspace: Workspace; largest: number }): JSX.Element {
  const { uuid, name, total, by_category, errors } = workspace;
  const undecided = by_category.undecided;
  const notes = [
    ...(undecided > 0 ? [`${numberText(undecided)} undecided`] : []),
    ...(errors > 0 ? [countOf(errors, 'error')] : []),
  ];
  return (
    <li>
      <Link href={listingHref({ workspace: uuid })}>
        <bdi class="workspace-name">{name || uuid}</bdi>
        <span class="workspace-count">
          {notes.length > 0 && <small>{notes.join(', ')}</small>} {numberText(total)}
        </span>
        <TypeBar counts={by_category} whole={largest} />
      </Link>
    </li>
  );
}

import type { JSX } from 'preact';
import type { WorkspaceCounts } from '../answers/summary.ts';
import { TypeBar } from '../figures/type-bar.tsx';
import { Link } from '../route/link.tsx';
import { allTests } from '../route/listing.ts';
import type { Route } from '../route/use-route.ts';
import { listingHref } from '../route/view.ts';
import { countOf, number } from '../words/count.ts';

interface WorkspaceLineProps {
  readonly workspace: WorkspaceCounts;
  /** Tests of the largest workspace, for the length of the bars. */
  readonly largest: number;
  readonly go: Route['go'];
}

/** One workspace: its name, a bar by type, and what is not decided in it. */
export function WorkspaceLine({ workspace, largest, go }: WorkspaceLineProps): JSX.Element {
  const { uuid, name, total, byCategory, errors } = workspace;
  const undecided = byCategory.undecided ?? 0;
  const notes = [
    ...(undecided > 0 ? [`${number(undecided)} undecided`] : []),
    ...(errors > 0 ? [countOf(errors, 'error')] : []),
  ];
  return (
    <li>
      <Link href={listingHref({ ...allTests, workspace: uuid })} go={go} show="tests">
        <bdi class="workspace-name">{name || uuid}</bdi>
        <span class="workspace-count">
          {notes.length > 0 && <small>{notes.join(', ')}</small>} {number(total)}
        </span>
        <TypeBar counts={byCategory} whole={largest} />
      </Link>
    </li>
  );
}

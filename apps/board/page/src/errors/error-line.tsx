import type { JSX } from 'preact';
import type { RecentError, WorkspaceCounts } from '../answers/summary.ts';
import { Link } from '../route/link.tsx';
import { allTests } from '../route/listing.ts';
import type { Route } from '../route/use-route.ts';
import { listingHref, testHref } from '../route/view.ts';
import { momentText } from '../words/moment.ts';

interface ErrorLineProps {
  readonly error: RecentError;
  readonly workspaces: readonly WorkspaceCounts[];
  readonly go: Route['go'];
}

/** One error: when, of which test or workspace, and its message. */
export function ErrorLine({ error: { key, error, at }, workspaces, go }: ErrorLineProps): JSX.Element {
  const [, workspace] = key.match(/^workspace:(.+)$/) ?? [];
  const name = workspaces.find(({ uuid }) => uuid === workspace)?.name;
  const href = workspace === undefined ? testHref(key) : listingHref({ ...allTests, workspace });
  return (
    <li>
      <Link href={href} go={go}>
        {workspace === undefined ? <code>{key}</code> : <bdi>{name || workspace}</bdi>}
      </Link>
      <span class="message">{error}</span>
      <time>{momentText(at)}</time>
    </li>
  );
}

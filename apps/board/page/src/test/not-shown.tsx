import type { JSX } from 'preact';
import type { BoardError } from '../ask/board-error.ts';
import { Link } from '../route/link.tsx';
import type { Route } from '../route/use-route.ts';
import { testHref } from '../route/view.ts';

/** Why a test can't be shown, and those that may have been meant. */
export function NotShown({ problem, go }: { problem: BoardError; go: Route['go'] }): JSX.Element {
  return (
    <div class="problem" role="alert">
      <p>{problem.message}</p>
      <ul>
        {problem.near.map((uuid) => (
          <li key={uuid}>
            <Link href={testHref(uuid)} go={go}>
              <code>{uuid}</code>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

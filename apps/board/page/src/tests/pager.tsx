import type { JSX } from 'preact';
import type { Listing } from '../route/listing.ts';
import type { Route } from '../route/use-route.ts';
import { listingHref } from '../route/view.ts';

interface PagerProps {
  readonly listing: Listing;
  readonly trail: readonly string[];
  /** Cursor of the page after this one. */
  readonly next: string | null;
  readonly go: Route['go'];
}

/** Forward and back through the pages. After a link from elsewhere only the way to the first page is known. */
export function Pager({ listing, trail, next, go }: PagerProps): JSX.Element {
  const { page, cursor } = listing;
  const first = page === 1;
  const before = trail.at(-1);
  const turn = (to: string, number: number, newTrail: readonly string[]): void =>
    go(listingHref({ ...listing, cursor: to, page: number }), { trail: newTrail, show: 'tests' });
  return (
    <nav class="pager" aria-label="Pages">
      <button type="button" disabled={first} onClick={() => turn('', 1, [])}>
        First
      </button>
      <button
        type="button"
        disabled={first || before === undefined}
        onClick={() => turn(before ?? '', page - 1, trail.slice(0, -1))}
      >
        Previous
      </button>
      <button
        type="button"
        disabled={next === null}
        onClick={() => next !== null && turn(next, page + 1, [...trail, cursor])}
      >
        Next
      </button>
    </nav>
  );
}

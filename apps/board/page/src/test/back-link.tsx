import type { JSX } from 'preact';
import { isPlainClick } from '../route/is-plain-click.ts';
import type { Route } from '../route/use-route.ts';

/** The way back to the listing, to the row and the scroll position where the reader came from. */
export function BackLink({ route, href }: { route: Route; href: string }): JSX.Element {
  const back = (event: MouseEvent): void => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    if (route.mark.inside) history.back();
    else route.go(href);
  };
  return (
    <a href={href} class="back" onClick={back}>
      ← All tests
    </a>
  );
}

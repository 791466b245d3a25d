import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { arrive } from './arrive.ts';
import { type View, viewOf } from './view.ts';

/** What belongs to an entry of the browser's history but not into a link. */
interface Mark {
  /** Cursors of the pages before, the first page's (empty) first. */
  readonly trail: readonly string[];
  /** Where the page was scrolled to when it was left, px. */
  readonly scroll: number;
  /** Whether this page led here, so that "back" leads to it. */
  readonly inside: boolean;
}

export interface GoOptions {
  /** Not a step of its own in the history. */
  readonly replace?: boolean;
  readonly trail?: readonly string[];
  /** Id of the element to bring into view. */
  readonly show?: string;
}

export interface Route {
  readonly view: View;
  readonly mark: Mark;
  /** Goes to an address of this page. */
  go(href: string, options?: GoOptions): void;
}

type Place = Pick<Route, 'view' | 'mark'> & { readonly target: string | number | null };

/** The page's place in the browser's history; "back" and "forward" bring back the scroll position as well. */
export function useRoute(): Route {
  const [place, move] = useState<Place>(() => ({ ...here(), target: null }));
  useEffect(() => {
    history.scrollRestoration = 'manual';
    // An entry without a mark is a jump to an anchor, which the browser scrolls to by itself.
    const back = (): void => move({ ...here(), target: history.state === null ? null : here().mark.scroll });
    addEventListener('popstate', back);
    return () => removeEventListener('popstate', back);
  }, []);
  useLayoutEffect(() => arrive(place.target), [place]);
  const go = useCallback<Route['go']>((href, { replace = false, trail = [], show } = {}) => {
    const from = here();
    const mark: Mark = { trail, scroll: 0, inside: replace ? from.mark.inside : true };
    if (!replace) history.replaceState({ ...from.mark, scroll: scrollY }, '');
    history[replace ? 'replaceState' : 'pushState'](mark, '', href);
    const to = here();
    move({ ...to, target: show ?? (to.view.test === from.view.test ? null : 0) });
  }, []);
  return { view: place.view, mark: place.mark, go };
}

function here(): Pick<Route, 'view' | 'mark'> {
  const mark: Mark = { trail: [], scroll: 0, inside: false, ...history.state };
  return { view: viewOf(location.search), mark };
}

import { type ComponentChildren, createContext, type JSX } from 'preact';
import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type View, viewOf } from './addresses.ts';

/** What the browser's history keeps for an entry beside its address. */
interface Entry {
  /** Cursors of the pages of tests before this one, the first page's (empty) first. */
  readonly trail: readonly string[];
  /** Where the page was scrolled to when it was left, px. */
  readonly scroll: number;
  /** Whether a link of this page led here, so that "back" stays on the page. */
  readonly inside: boolean;
}

interface GoOptions {
  /** Replaces the current entry of the history. */
  readonly replace?: boolean;
  readonly trail?: readonly string[];
  /** Id of the element to scroll to. */
  readonly show?: string;
}

/** Where the page is in the browser's history. */
interface Place {
  readonly view: View;
  readonly entry: Entry;
}

interface Route extends Place {
  /** Goes to an address of this page. */
  go(href: string, options?: GoOptions): void;
}

const RouteContext = createContext<Route | null>(null);

/** Keeps the page at its address; "back" and "forward" restore the scroll position as well. */
export function RouteProvider({ children }: { children: ComponentChildren }): JSX.Element {
  const [{ place, scrollTarget }, move] = useState<{ place: Place; scrollTarget: string | number | null }>(() => ({
    place: currentPlace(),
    scrollTarget: null,
  }));
  useEffect(() => {
    history.scrollRestoration = 'manual';
    const onPopState = (): void => {
      const place = currentPlace();
      // An entry without a state is a jump to an anchor: the browser scrolls there itself.
      move({ place, scrollTarget: history.state === null ? null : place.entry.scroll });
    };
    addEventListener('popstate', onPopState);
    return () => removeEventListener('popstate', onPopState);
  }, []);
  useLayoutEffect(() => {
    if (typeof scrollTarget === 'number') scrollTo({ top: scrollTarget, behavior: 'instant' });
    if (typeof scrollTarget === 'string') document.getElementById(scrollTarget)?.scrollIntoView({ block: 'start' });
  }, [place]);
  const go = useCallback<Route['go']>((href, { replace = false, trail = [], show } = {}) => {
    const from = currentPlace();
    const entry: Entry = { trail, scroll: 0, inside: replace ? from.entry.inside : true };
    if (replace) history.replaceState(entry, '', href);
    else {
      history.replaceState({ ...from.entry, scroll: scrollY }, '');
      history.pushState(entry, '', href);
    }
    const place = currentPlace();
    const stays = ['name', 'test', 'run'].every((key) => place.view[key as 'name'] === from.view[key as 'name']);
    move({ place, scrollTarget: show ?? (stays ? null : 0) });
  }, []);
  const route = useMemo(() => ({ ...place, go }), [place]);
  return <RouteContext.Provider value={route}>{children}</RouteContext.Provider>;
}

/** The route of the nearest `RouteProvider`. */
export function useRoute(): Route {
  const route = useContext(RouteContext);
  if (route === null) throw new Error('useRoute is called outside of a RouteProvider');
  return route;
}

/**
 * For the title of a page that a link has led to: it gets the focus, so that the keyboard and screen readers go on there.
 * @param known whether what it is the title of has arrived
 */
export function useTitleFocus(known: boolean) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), [known]);
  return title;
}

interface LinkProps {
  readonly href: string;
  readonly class?: string;
  readonly id?: string;
  readonly 'aria-current'?: 'page' | undefined;
  readonly 'aria-label'?: string;
  readonly tabIndex?: number;
  readonly children: ComponentChildren;
  /** Replaces going to `href`. */
  onFollow?(): void;
}

/** A link within the page. With a modifier key it works like any other link. */
export function Link({ href, onFollow, ...rest }: LinkProps): JSX.Element {
  const { go } = useRoute();
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (onFollow === undefined) go(href);
    else onFollow();
  };
  return <a href={href} onClick={follow} {...rest} />;
}

function currentPlace(): Place {
  return { view: viewOf(location.search), entry: { trail: [], scroll: 0, inside: false, ...history.state } };
}

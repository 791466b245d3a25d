import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { allTests, listingHref } from './addresses.ts';
import { useRoute } from './route.tsx';

/** How long typing must pause before the search begins, ms. */
const typingPauseMs = 250;
/** The API refuses longer ones. */
const longestSearch = 200;

/** The search, on every view: what is typed is looked for among all tests, or among those of the table. `/` leads here. */
export function Search(): JSX.Element {
  const { go, view } = useRoute();
  const { name, listing } = view;
  const isTable = name === 'tests';
  const find = (q: string): void =>
    go(listingHref({ ...(isTable ? listing : allTests), q, cursor: '', page: 1 }), { replace: isTable });
  const [typed, setTyped] = useTyped(isTable ? listing.q : '', find);
  const input = useRef<HTMLInputElement>(null);
  useSlash(input);
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key === 'Enter') find(typed);
    if (key === 'Escape') input.current?.blur();
  };
  return (
    <search class="search">
      <input
        ref={input}
        type="search"
        name="q"
        value={typed}
        maxLength={longestSearch}
        placeholder="Title, or the beginning of a UUID"
        aria-label="Search tests"
        aria-keyshortcuts="/"
        autoComplete="off"
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </search>
  );
}

/** Focuses an input when `/` is typed elsewhere than into a field. */
function useSlash(input: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isField = event.target instanceof Element && event.target.closest('input, select, textarea') !== null;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isField) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

/**
 * A text that is typed here and used once the typing pauses.
 * @param given the text that is used now; when it changes elsewhere, it replaces what is typed
 */
function useTyped(given: string, use: (text: string) => void) {
  const [typed, setTyped] = useState(given);
  const used = useRef(given);
  const latestUse = useRef(use);
  latestUse.current = use;
  useEffect(() => {
    if (given === used.current) return;
    used.current = given;
    setTyped(given);
  }, [given]);
  useEffect(() => {
    if (typed === used.current) return;
    const timer = setTimeout(() => {
      used.current = typed;
      latestUse.current(typed);
    }, typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped] as const;
}

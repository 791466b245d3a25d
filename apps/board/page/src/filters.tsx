import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { allTests, type Listing } from './addresses.ts';
import { typeNames, type Workspace } from './answers.ts';

interface FiltersProps {
  readonly listing: Listing;
  readonly workspaces: readonly Workspace[];
  /** Shows another listing, from its first page. @param typing while a text is being typed */
  change(listing: Partial<Listing>, typing?: boolean): void;
}

/** How long typing must pause before the search begins, ms. */
const typingPauseMs = 250;
/** The API refuses longer ones. */
const longestSearch = 200;

const certaintyNames = { final: 'Final', provisional: 'Provisional', unconfirmed: 'Unconfirmed' };

/** Search and filters of the table. */
export function Filters({ listing, workspaces, change }: FiltersProps): JSX.Element {
  const [typed, setTyped] = useTyped(listing.q, (q) => change({ q }, true));
  const choices = [
    { name: 'category', label: 'Type', all: 'All types', options: typeNames },
    { name: 'platform', label: 'Platform', all: 'Both', options: { UTZ: 'UTZ', ClassicUT: 'ClassicUT' } },
    { name: 'certainty', label: 'Certainty', all: 'Any', options: certaintyNames },
    {
      name: 'workspace',
      label: 'Workspace',
      all: 'All workspaces',
      options: Object.fromEntries(workspaces.map(({ uuid, name }) => [uuid, name || uuid])),
    },
  ] as const;
  const filtered = listing.q !== '' || choices.some(({ name }) => listing[name] !== '');
  const clear = (): void => change({ ...allTests, sort: listing.sort, order: listing.order });
  return (
    <search class="filters">
      <label class="search">
        <span class="label">Search</span>
        <input
          type="search"
          name="q"
          value={typed}
          maxLength={longestSearch}
          placeholder="Title, or the beginning of a UUID"
          autoComplete="off"
          spellcheck={false}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      {choices.map(({ name, ...choice }) => (
        <Choice key={name} {...choice} value={listing[name]} choose={(value) => change({ [name]: value })} />
      ))}
      <button type="button" class="quiet" disabled={!filtered} onClick={clear}>
        Clear
      </button>
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  /** Empty for all. */
  readonly value: string;
  /** The name of the choice that filters nothing. */
  readonly all: string;
  /** Names by value. */
  readonly options: Readonly<Record<string, string>>;
  choose(value: string): void;
}

/** One of some values, or all of them. */
function Choice({ label, value, all, options, choose }: ChoiceProps): JSX.Element {
  const known = value === '' || Object.hasOwn(options, value);
  return (
    <label>
      <span class="label">{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{all}</option>
        {Object.entries(options).map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
        {!known && <option value={value}>{value}</option>}
      </select>
    </label>
  );
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

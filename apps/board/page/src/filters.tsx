import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { allTests, type Listing } from './addresses.ts';
import { typeName, types, type Workspace } from './answers.ts';

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

/** Search and filters of the table. */
export function Filters({ listing, workspaces, change }: FiltersProps): JSX.Element {
  const { q, workspace, platform, category, certainty, sort, order } = listing;
  const [typed, setTyped] = useTyped(q, (text) => change({ q: text }, true));
  const filtered = [q, workspace, platform, category, certainty].some((value) => value !== '');
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
      <Choice
        label="Type"
        value={category}
        all="All types"
        options={types.map((each) => [each, typeName(each)])}
        choose={(chosen) => change({ category: chosen })}
      />
      <Choice
        label="Platform"
        value={platform}
        all="Both"
        options={[
          ['UTZ', 'UTZ'],
          ['ClassicUT', 'ClassicUT'],
        ]}
        choose={(chosen) => change({ platform: chosen })}
      />
      <Choice
        label="Certainty"
        value={certainty}
        all="Any"
        options={[
          ['final', 'Final'],
          ['provisional', 'Provisional'],
          ['unconfirmed', 'Unconfirmed'],
        ]}
        choose={(chosen) => change({ certainty: chosen })}
      />
      <Choice
        label="Workspace"
        value={workspace}
        all="All workspaces"
        options={workspaces.map(({ uuid, name }) => [uuid, name || uuid])}
        choose={(chosen) => change({ workspace: chosen })}
      />
      <button type="button" class="quiet" disabled={!filtered} onClick={() => change({ ...allTests, sort, order })}>
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
  readonly options: readonly (readonly [value: string, name: string])[];
  choose(value: string): void;
}

/** One of some values, or all of them. */
function Choice({ label, value, all, options, choose }: ChoiceProps): JSX.Element {
  const known = value === '' || options.some(([option]) => option === value);
  return (
    <label>
      <span class="label">{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{all}</option>
        {options.map(([option, name]) => (
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

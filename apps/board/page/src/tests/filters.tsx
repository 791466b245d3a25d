import type { JSX } from 'preact';
import type { WorkspaceCounts } from '../answers/summary.ts';
import { types } from '../answers/type.ts';
import { typeName } from '../answers/type-name.ts';
import { allTests, type Listing } from '../route/listing.ts';
import { Choice } from './choice.tsx';
import { useDebounced } from './use-debounced.ts';

interface FiltersProps {
  readonly listing: Listing;
  readonly workspaces: readonly WorkspaceCounts[];
  /** Shows another listing, from its first page. @param typing while a text is being typed */
  change(listing: Partial<Listing>, typing?: boolean): void;
}

const restMs = 250;
/** The API refuses longer ones. */
const longestSearch = 200;

/** Search and filters of the table. */
export function Filters({ listing, workspaces, change }: FiltersProps): JSX.Element {
  const [typed, type] = useDebounced(listing.q, (q) => change({ q }, true), restMs);
  const { q, workspace, platform, type: chosen, certainty } = listing;
  const filtered = [q, workspace, platform, chosen, certainty].some((value) => value !== '');
  const none = { ...allTests, sort: listing.sort, order: listing.order };
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
          onInput={(event) => type(event.currentTarget.value)}
        />
      </label>
      <Choice
        label="Type"
        value={chosen}
        all="All types"
        options={types.map((name) => [name, typeName(name)])}
        choose={(value) => change({ type: value })}
      />
      <Choice
        label="Platform"
        value={platform}
        all="Both"
        options={[
          ['UTZ', 'UTZ'],
          ['ClassicUT', 'ClassicUT'],
        ]}
        choose={(value) => change({ platform: value })}
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
        choose={(value) => change({ certainty: value })}
      />
      <Choice
        label="Workspace"
        value={workspace}
        all="All workspaces"
        options={workspaces.map(({ uuid, name }) => [uuid, name || uuid])}
        choose={(value) => change({ workspace: value })}
      />
      <button type="button" class="quiet" disabled={!filtered} onClick={() => change(none)}>
        Clear
      </button>
    </search>
  );
}

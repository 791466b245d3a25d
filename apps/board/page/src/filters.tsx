import type { JSX } from 'preact';
import { allTests, type Listing } from './addresses.ts';
import { type Summary, typeNames } from './answers.ts';
import { periodText } from './words.ts';

interface FiltersProps {
  readonly listing: Listing;
  readonly summary: Summary;
  /** Shows another listing, from its first page. */
  change(listing: Partial<Listing>): void;
}

const certaintyNames = { final: 'Final', provisional: 'Provisional', unconfirmed: 'Unconfirmed' };

export function Filters({ listing, summary, change }: FiltersProps): JSX.Element {
  const { workspaces, errors, by_month } = summary;
  const months = by_month.flatMap(({ month }) => (month === null ? [] : [[month, periodText(month)] as const]));
  const types = Object.keys(errors.by_type).filter((type) => type !== 'workspace_detail_http_error');
  const choices = [
    { name: 'category', label: 'Type', all: 'All types', options: typeNames },
    { name: 'platform', label: 'Platform', all: 'Both', options: { UTZ: 'UTZ', ClassicUT: 'ClassicUT' } },
    { name: 'certainty', label: 'Certainty', all: 'Any', options: certaintyNames },
    {
      name: 'error',
      label: 'Errors',
      all: 'With or without',
      options: { any: 'With an error', ...Object.fromEntries(types.map((type) => [type, type])) },
    },
    { name: 'ordered', label: 'Ordered', all: 'Any time', options: Object.fromEntries(months.toReversed()) },
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
    <div class="filters">
      {choices.map(({ name, ...choice }) => (
        <Choice key={name} {...choice} value={listing[name]} choose={(value) => change({ [name]: value })} />
      ))}
      <button type="button" class="quiet" disabled={!filtered} onClick={clear}>
        Clear
      </button>
    </div>
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
    <label class={value === '' ? '' : 'chosen'}>
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

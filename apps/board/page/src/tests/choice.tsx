import type { JSX } from 'preact';

interface ChoiceProps {
  readonly label: string;
  /** Empty for all. */
  readonly value: string;
  /** Words for "no matter which". */
  readonly all: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  choose(value: string): void;
}

/** One of some values, or all of them. */
export function Choice({ label, value, all, options, choose }: ChoiceProps): JSX.Element {
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

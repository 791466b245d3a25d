import { numberText } from '@inventory/status/words';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type TypeCounts, typeClass, typeNames, types } from './answers.ts';

/** Counts as one bar: decoration beside the same figures in words. @param whole count for the full width */
export function TypeBar({ counts, whole }: { counts: TypeCounts; whole: number }): JSX.Element {
  return (
    <span class="type-bar" aria-hidden="true">
      {countedTypes(counts).map(([type, count]) => (
        <span key={type} class={typeClass(type)} style={{ width: `${(100 * count) / whole}%` }} />
      ))}
    </span>
  );
}

/** The types that have tests, with their counts, in the order in which types are shown. */
export function countedTypes(counts: TypeCounts) {
  return types.map((type) => [type, counts[type] ?? 0] as const).filter(([, count]) => count > 0);
}

interface CountsTableProps {
  readonly caption: string;
  /** What a row is: `Month`. */
  readonly of: string;
  readonly rows: readonly { readonly key: string; readonly name: string; readonly counts: TypeCounts }[];
}

/** The figures behind a chart as a table, which is only made while it is open. */
export function CountsTable(props: CountsTableProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details class="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open && <OpenCountsTable {...props} />}
    </details>
  );
}

function OpenCountsTable({ caption, of, rows }: CountsTableProps): JSX.Element {
  const shown = types.filter((type) => rows.some(({ counts }) => (counts[type] ?? 0) > 0));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section class="scrolls" aria-label={caption} tabIndex={0}>
      <table class="counts">
        <thead>
          <tr>
            <th scope="col">{of}</th>
            {shown.map((type) => (
              <th key={type} scope="col">
                {typeNames[type]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, counts }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {shown.map((type) => (
                <td key={type}>{numberText(counts[type] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

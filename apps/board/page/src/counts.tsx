import { numberText } from '@inventory/status/words';
import type { ComponentChild, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type TypeCounts, typeClass, typeNames, types } from './answers.ts';
import { Link } from './route.tsx';

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
  readonly rows: readonly {
    readonly key: string;
    readonly name: string;
    /** Address of the tests that are counted. */
    readonly href: string;
    readonly counts: TypeCounts;
  }[];
}

export function CountsTable({ caption, of, rows }: CountsTableProps): JSX.Element {
  const shown = types.filter((type) => rows.some(({ counts }) => (counts[type] ?? 0) > 0));
  return (
    <AsTable
      caption={caption}
      head={[of, ...shown.map((type) => typeNames[type])]}
      rows={() =>
        rows.map(({ key, name, href, counts }) => [
          <Link key={key} href={href}>
            {name}
          </Link>,
          ...shown.map((type) => numberText(counts[type] ?? 0)),
        ])
      }
    />
  );
}

interface AsTableProps {
  readonly caption: string;
  readonly head: readonly string[];
  /** The cells of each row, the first of which names it. */
  rows(): ComponentChild[][];
}

/** The figures behind a chart as a table, which is only made while it is open. */
export function AsTable({ caption, head, rows }: AsTableProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details class="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={`As a table: ${caption}`}>As a table</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        <section class="scrolls" aria-label={`${caption}, table`} tabIndex={0}>
          <table class="counts">
            <thead>
              <tr>
                {head.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map(([name, ...cells], row) => (
                <tr key={row}>
                  <th scope="row">{name}</th>
                  {cells.map((cell, column) => (
                    <td key={head[column + 1]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}

import type { JSX } from 'preact';
import { type TypeCounts, types } from '../answers/type.ts';
import { typeName } from '../answers/type-name.ts';
import { number } from '../words/count.ts';

interface CountsTableProps {
  readonly caption: string;
  /** What a row is: `Month`. */
  readonly of: string;
  readonly rows: readonly { readonly key: string; readonly name: string; readonly counts: TypeCounts }[];
}

/** The figures behind a chart, as a table. */
export function CountsTable({ caption, of, rows }: CountsTableProps): JSX.Element {
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
                {typeName(type)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, counts }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              {shown.map((type) => (
                <td key={type}>{number(counts[type] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

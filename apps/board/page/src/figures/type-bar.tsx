import type { JSX } from 'preact';
import { type TypeCounts, types } from '../answers/type.ts';
import { typeSlug } from '../answers/type-slug.ts';

/** Counts as one bar; decoration beside the same figures in words. @param whole what the full width stands for */
export function TypeBar({ counts, whole }: { counts: TypeCounts; whole: number }): JSX.Element {
  return (
    <span class="type-bar" aria-hidden="true">
      {types
        .filter((type) => (counts[type] ?? 0) > 0)
        .map((type) => (
          <span
            key={type}
            class={`type-${typeSlug(type)}`}
            style={{ width: `${(100 * (counts[type] ?? 0)) / whole}%` }}
          />
        ))}
    </span>
  );
}

import type { JSX } from 'preact';
import type { Type } from '../answers/type.ts';
import { typeName } from '../answers/type-name.ts';
import { typeSlug } from '../answers/type-slug.ts';

/** A type with its colour. @param type null is undecided */
export function TypeChip({ type }: { type: Type | null }): JSX.Element {
  const shown = type ?? 'undecided';
  return (
    <span class={`chip ${type === null ? 'open' : ''}`}>
      <i class={`swatch type-${typeSlug(shown)}`} />
      {typeName(shown)}
    </span>
  );
}

import type { Type } from './type.ts';

/** A type as the style sheets name it: `think-out-loud-test`. */
export function typeSlug(type: Type): string {
  return type.toLowerCase().replaceAll(' ', '-');
}

import { wellFormed } from './well-formed.ts';

const longest = 2000;
const deepest = 50;

/** A body as `errors.json` may hold it: small JSON as it is, anything larger or deeper as text of at most 2,000 characters. */
export function importedBody(body: unknown): unknown {
  if (typeof body === 'string') return wellFormed(body.slice(0, longest));
  if (typeof body !== 'object' || body === null) return body ?? null;
  if (depthOf(body) > deepest) return 'a body that is nested too deeply to be kept';
  const text = wellFormedJson(body);
  return text.length > longest ? wellFormed(text.slice(0, longest)) : JSON.parse(text);
}

/** Text of a value whose strings and keys are all well formed. */
function wellFormedJson(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'string') return wellFormed(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [wellFormed(key), each]));
  });
}

/** Levels of nesting, without recursion: a file may hold more of them than the call stack. */
function depthOf(value: unknown): number {
  let depth = 0;
  for (let level = [value]; level.length > 0; depth += 1) {
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  }
  return depth;
}

import { wellFormed } from './well-formed.ts';

const longest = 2_000;

/**
 * An error's body as `errors.json` keeps it: the parsed JSON where it was JSON, else text; null when there was none.
 * At most 2,000 characters, and the token that was sent is taken out in case the server repeats it.
 */
export function errorBody(text: string, token: string): unknown {
  const clean = token === '' ? text : text.replaceAll(token, '[secret]');
  if (clean.trim() === '') return null;
  if (clean.length > longest) return wellFormed(clean.slice(0, longest));
  try {
    return JSON.parse(clean);
  } catch {
    return clean;
  }
}

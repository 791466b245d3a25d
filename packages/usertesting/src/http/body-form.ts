import { parseJson } from './parse-json.ts';

/** What a body looks like, in a word or two for a message; nothing of what it says. */
export function bodyForm(text: string): string {
  const bare = text.replace(/^\uFEFF/, '').trimStart();
  if (bare === '') return 'an empty body';
  if (/^<\?xml/i.test(bare)) return 'XML';
  if (bare.startsWith('<')) return 'HTML';
  const json = parseJson(bare);
  if (isObject(json)) return 'a JSON object';
  return json === undefined ? 'text' : 'JSON, but no object';
}

/** Whether a JSON value is an object, which lists and null are not. */
export function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

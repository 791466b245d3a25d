/** Response headers as axios and Node give them. */
export type Headers = Readonly<Record<string, unknown>>;

/** One header as trimmed text, whatever the letter case of its name; null when it is missing or empty. */
export function headerValue(headers: Headers, name: string): string | null {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const first: unknown = Array.isArray(found) ? found[0] : found;
  const text = typeof first === 'string' || typeof first === 'number' ? String(first).trim() : '';
  return text === '' ? null : text;
}

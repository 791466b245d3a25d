/** The value of a JSON text, or undefined when it is none. A byte order mark, as some editors leave it, is skipped. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

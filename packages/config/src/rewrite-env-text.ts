/**
 * The text of a `.env` file with some variables set anew. Every other line stays as it is: comments, blank
 * lines, order, quotes, unknown variables and line ends. A variable that stands several times is set in its
 * last line only, because that is the one that counts; one that is missing is added at the end.
 * @param values variable name → new value, without line breaks; written without quotes.
 */
export function rewriteEnvText(text: string, values: Readonly<Record<string, string>>): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  for (const [name, value] of Object.entries(values)) {
    const assignment = new RegExp(`^(\\s*(?:export\\s+)?${name}\\s*=\\s*)`);
    const at = lines.findLastIndex((line) => assignment.test(line));
    const start = at === -1 ? `${name}=` : (assignment.exec(lines[at] ?? '')?.[1] ?? `${name}=`);
    lines.splice(at === -1 ? lines.length : at, at === -1 ? 0 : 1, `${start}${value}`);
  }
  return `${lines.join(eol)}${eol}`;
}

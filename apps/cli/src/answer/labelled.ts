const width = 13;

/** Lines under a label: the label stands before the first one, the others are indented as far. */
export function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? label : '').padEnd(width)}${line}`);
}

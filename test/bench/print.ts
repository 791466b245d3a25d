/** Prints a line. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a line of a Markdown table. */
export function printRow(cells: readonly (string | number)[]): void {
  print(`| ${cells.join(' | ')} |`);
}

/** Prints the head of a Markdown table. */
export function printHead(cells: readonly string[]): void {
  printRow(cells);
  print(`|${'---|'.repeat(cells.length)}`);
}

/** A time for people. @param ms milliseconds */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

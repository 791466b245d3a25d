import type { RedisClient } from '@inventory/redis';

/** What a part of the benchmark is given. */
export interface PartOptions {
  /** Of the embedded Redis of the benchmark. */
  readonly client: RedisClient;
  /** Where that Redis is. */
  readonly dataDir: string;
  /** Small, for CI: only what comes out counts. */
  readonly quick: boolean;
  /** Sizes of libraries, instead of those of the part itself. */
  readonly sizes: readonly number[] | undefined;
}

/** What a part found. */
export interface Findings {
  /** Results that are not what they have to be. */
  readonly wrong: readonly string[];
  /** Targets of time or memory that were missed. */
  readonly missed: readonly string[];
}

/** A part of the benchmark; it prints its figures. */
export type Part = (options: PartOptions) => Promise<Findings>;

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

/** A count for people. */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}

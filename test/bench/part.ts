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
  /** Takes a result that is not what it has to be; nothing where it is false. */
  readonly wrong: (what: string | false) => void;
  /** Takes a target of time or memory that was missed; nothing where it is false. */
  readonly missed: (what: string | false) => void;
}

/** A part of the benchmark; it prints its figures. */
export type Part = (options: PartOptions) => Promise<void>;

/** Prints a line. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints what a Markdown table is about, and its head. @returns what prints a row of it */
export function table(about: string, heads: readonly string[]): (...cells: readonly (string | number)[]) => void {
  const row = (...cells: readonly (string | number)[]): void => print(`| ${cells.join(' | ')} |`);
  print(`\n${about}:\n`);
  row(...heads);
  print(`|${'---|'.repeat(heads.length)}`);
  return row;
}

/** A time for people. @param ms milliseconds */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A count for people. */
export function number(value: number): string {
  return value.toLocaleString('en-US');
}

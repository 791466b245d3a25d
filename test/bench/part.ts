import type { Checkpoints } from '@inventory/checkpoints';
import { startProcess } from '../support/program.ts';

/** A part of the benchmark; it prints its figures. */
export type Part = (options: PartOptions) => Promise<void>;

/** What a part of the benchmark is given. */
export interface PartOptions {
  /** Small, for CI: only what comes out counts. */
  readonly quick: boolean;
  /** Sizes of libraries, instead of those of the part itself. */
  readonly sizes: readonly number[] | undefined;
  /** Opens a place to work in. What was in the one before is thrown away: it would count as memory of what comes. */
  readonly open: () => Promise<Place>;
  /** Takes a result that is not what it has to be, or false. */
  readonly wrong: (what: string | false) => void;
  /** Takes a target of time or memory that was missed, or false. */
  readonly missed: (what: string | false) => void;
}

/** An account in the embedded Redis of the benchmark, and a folder, with nothing in them yet. */
export interface Place {
  readonly checkpoints: Checkpoints;
  readonly folder: string;
  /** What points a process to the account, and to a folder for its state files in that folder. */
  readonly settings: Readonly<Record<'QUEUE_PREFIX' | 'DATA_DIR' | 'STATE_DIR', string>>;
}

/** Makes a process say in the end the most memory that it held (RSS), KB. */
const preload =
  'import{writeSync}from"node:fs";process.on("exit",()=>writeSync(2,"peak "+process.resourceUsage().maxRSS))';

/** Runs an app to its end. @returns also how long it took from start to exit, ms, and the most memory that it held, MB */
export async function runMeasured(settings: Readonly<Record<string, string>>, app: string, ...args: string[]) {
  const options = { LOG_LEVEL: 'warn', NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` };
  const startedAt = performance.now();
  const ended = await startProcess(app, args, { ...settings, ...options }).ended;
  const ms = performance.now() - startedAt;
  return { ...ended, ms, peakMb: Number(/peak (\d+)$/.exec(ended.stderr)?.[1]) / 1024 };
}

/** How long work takes, ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** What Redis holds, bytes: in memory, or in its append-only file. */
export async function bytesIn({ client }: Checkpoints, where: 'used_memory' | 'aof_current_size'): Promise<number> {
  return Number(new RegExp(`^${where}:(\\d+)`, 'm').exec(await client.info())?.[1]);
}

export function linesIn(text: Uint8Array): number {
  return text.reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 0);
}

/** The least value that a share of the values does not exceed: 0.5 gives the median, 1 the greatest. 0 without any. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

type Cells = readonly (string | number)[];

/** Prints a Markdown table with a line about it, and its first rows. @returns what prints one more row */
export function table(about: string, heads: Cells, rows: readonly Cells[] = []): (...cells: Cells) => void {
  const row = (...cells: Cells): void => console.log(`| ${cells.join(' | ')} |`);
  console.log(`\n${about}:\n`);
  row(...heads);
  console.log(`|${'---|'.repeat(heads.length)}`);
  for (const cells of rows) row(...cells);
  return row;
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, runProgram } from '../support/program.ts';

/** A process that has ended, and what it took. */
export interface Measured extends Ended {
  readonly ms: number;
  /** The most memory that it held (RSS), MB. */
  readonly peakMb: number;
}

/** Makes a process write its peak down when it exits. */
const preload = [
  'import{writeFileSync}from"node:fs"',
  'process.on("exit",()=>writeFileSync(process.env.BENCH_PEAK_FILE,String(process.resourceUsage().maxRSS)))',
].join(';');

/** Runs an app to its end and measures it from start to exit. */
export async function runMeasured(
  app: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-peak-'));
  const file = join(folder, 'peak');
  try {
    const watched = {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}`,
      BENCH_PEAK_FILE: file,
    };
    const startedAt = performance.now();
    const ended = await runProgram(app, args, { ...settings, ...watched });
    const ms = performance.now() - startedAt;
    return { ...ended, ms, peakMb: Number(await readFile(file, 'utf8')) / 1024 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

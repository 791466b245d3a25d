import type { RedisServer } from '@inventory/redis';
import { type RunResult, runSeed } from './run-seed.ts';

export interface RunSeedsOptions {
  readonly seeds: readonly number[];
  /** How many run at a time. */
  readonly parallel: number;
  readonly program: RedisServer;
  /** Whether traces of runs without failures are kept too. */
  readonly keep?: boolean;
  /** Called with each result as it comes. */
  readonly onResult: (result: RunResult) => void;
}

/** Runs seeds, some at a time. */
export async function runSeeds({ seeds, parallel, program, keep = false, onResult }: RunSeedsOptions): Promise<void> {
  const left = [...seeds];
  const lane = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) onResult(await runSeed(seed, program, keep));
  };
  await Promise.all(Array.from({ length: parallel }, lane));
}

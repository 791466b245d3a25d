import type { LoggedRequest } from '@inventory/sandbox';
import type { Ending } from './carry-out.ts';
import type { Run } from './run.ts';
import type { RedisSights } from './watch.ts';
import type { StateFiles } from './world.ts';

/** All that a run left behind, for the checks. */
export interface Evidence {
  readonly run: Run;
  readonly ending: Ending;
  /** Results requests in the order of their arrival. */
  readonly requests: readonly LoggedRequest[];
  /** What has to be added to the server's times to get epoch ms. */
  readonly clockOffsetMs: number;
  readonly redis: RedisSights;
  /** What was wrong with the state files at any look. */
  readonly fileProblems: readonly string[];
  /** The state files in the end; null when they cannot be read. */
  readonly files: StateFiles | null;
  /** Everything in Redis in the end, by key. */
  readonly contents: Readonly<Record<string, unknown>>;
}

/** Rules that hold in every run, each with a look at it that gives what breaks it, a sentence each. */
export type Checks = Readonly<Record<string, (evidence: Evidence) => readonly string[] | Promise<readonly string[]>>>;

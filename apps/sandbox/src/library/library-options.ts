import type { FinishTime } from './sandbox-test.ts';
import type { TestKind } from './test-kind.ts';

/** Weights by kind; kinds left out do not occur. */
export type Mix = Partial<Record<TestKind, number>>;

/** What a generated library looks like. The same options give the same library. */
export interface LibraryOptions {
  readonly seed?: number | undefined;
  /** Number of tests, 200 without it. */
  readonly tests?: number | undefined;
  /** Number of workspaces, 3 without it. */
  readonly workspaces?: number | undefined;
  readonly mix?: Mix | undefined;
  /** How many tests are listed in two workspaces, 0 without it; needs two workspaces. */
  readonly sharedTests?: number | undefined;
  /** When the newest test was ordered, ISO 8601; the tutorial's newest without it. */
  readonly newestAt?: string | undefined;
  /** Over how many days the orders are spread, 2,000 without it. */
  readonly spanDays?: number | undefined;
  /** What all sessions show as `finishTime`; without it long ago. */
  readonly finishTime?: FinishTime | undefined;
  /** Adds live conversations to the default mix: probes can't tell them from interaction tests, metadata can. */
  readonly metadata?: boolean | undefined;
}

/** The mix of a library that names none. */
const DEFAULT_MIX: Mix = {
  classic: 30,
  'no-sessions': 8,
  'interaction (video)': 16,
  'interaction (qx)': 8,
  'interaction (all)': 4,
  'think-out-loud': 14,
  survey: 20,
};

/** Every option, with the default where none was given. */
export function completeLibraryOptions(options: LibraryOptions) {
  const mix = options.mix ?? (options.metadata ? { ...DEFAULT_MIX, 'live conversation': 6 } : DEFAULT_MIX);
  return {
    seed: options.seed ?? 1,
    tests: options.tests ?? 200,
    workspaces: options.workspaces ?? 3,
    mix,
    sharedTests: options.sharedTests ?? 0,
    newestAt: options.newestAt ?? '2026-02-13T12:07:33Z',
    spanDays: options.spanDays ?? 2000,
    finishTime: options.finishTime,
  };
}
export type CompleteLibraryOptions = ReturnType<typeof completeLibraryOptions>;

import { expectedByProbes } from '../library/expected-verdict.ts';
import type { Library } from '../library/library.ts';

/** Counts over a library: tests by kind, and by the verdict that probes come to. */
export interface LibrarySummary {
  readonly tests: number;
  readonly workspaces: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Keys: `ClassicUT`, `UTZ without type`, and the three test types. */
  readonly byProbes: Readonly<Record<string, number>>;
}

/** Counts the tests of a library; takes time in proportion to its size. */
export function librarySummary(library: Library): LibrarySummary {
  const byKind: Record<string, number> = {};
  const byProbes: Record<string, number> = {};
  for (const test of library.tests()) {
    const { platform, testType } = expectedByProbes(test);
    const verdict = testType ?? (platform === 'UTZ' ? 'UTZ without type' : platform);
    byKind[test.kind] = (byKind[test.kind] ?? 0) + 1;
    byProbes[verdict] = (byProbes[verdict] ?? 0) + 1;
  }
  return { tests: library.size(), workspaces: library.workspaces().length, byKind, byProbes };
}

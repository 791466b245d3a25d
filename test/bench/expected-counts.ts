import type { Totals } from '@inventory/checkpoints';
import { platformOf, testTypeOf } from '@inventory/classification';
import { createLibrary, expectedByMetadata, expectedByProbes, type LibraryOptions } from '@inventory/sandbox';

type Counts = Readonly<Record<string, number>>;

/** How many tests of a sandbox's library are of each type, by what was asked. @param library the sandbox's options */
export function expectedCounts(library: LibraryOptions, by: 'probes' | 'metadata'): Counts {
  const counts: Record<string, number> = {};
  for (const test of createLibrary(library).tests()) {
    const verdict = by === 'probes' ? expectedByProbes(test) : expectedByMetadata(test);
    const name = verdict?.testType ?? verdict?.platform ?? 'undecided';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Whether the checkpoints have come to these counts. */
export function sameCounts(byCategory: Totals['byCategory'], expected: Counts): boolean {
  const found: Record<string, number> = {};
  for (const [category, count] of Object.entries(byCategory) as [keyof Totals['byCategory'], number][]) {
    const name = testTypeOf(category) ?? platformOf(category);
    found[name] = (found[name] ?? 0) + count;
  }
  const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...names].every((name) => (found[name] ?? 0) === (expected[name] ?? 0));
}

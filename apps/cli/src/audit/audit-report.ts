import type { AuditRecord } from '@inventory/checkpoints';
import type { Category } from '@inventory/classification';
import { type Comparison, compareCategories } from './compare-categories.ts';
import { exactInterval, type Interval } from './exact-interval.ts';
import type { DeclaredTest } from './sample-declared.ts';

/** A test whose probes say something else than its listing. */
interface Disagreement {
  readonly uuid: string;
  readonly title: string | null;
  readonly declared: Category;
  readonly probed: Category;
  /** Name of the rule that decided by the probes. */
  readonly rule: string;
}

/** What became of tests: how many of them agree and so on; `failed` ended in an error or were not looked at. */
export type Tally = Readonly<Record<Comparison | 'failed', number>>;

export interface AuditReport {
  /** By the declared type. */
  readonly byType: Readonly<Partial<Record<Category, Tally>>>;
  readonly total: Tally;
  /** Of those that could be compared, the share that disagrees, and its exact 95 % confidence interval. */
  readonly disagreement: { readonly share: number | null; readonly interval: Interval };
  readonly disagreements: readonly Disagreement[];
}

/** Compares what the listing declares of a sample with what the probes said. */
export function auditReport(
  sample: readonly { readonly test: DeclaredTest; readonly audited: AuditRecord | null }[],
): AuditReport {
  const byType: Partial<Record<Category, Record<keyof Tally, number>>> = {};
  const total = emptyTally();
  const disagreements: Disagreement[] = [];
  for (const { test, audited } of sample) {
    const { category: declared } = test.verdict;
    const probed = audited !== null && 'category' in audited ? audited : null;
    const outcome = probed === null ? 'failed' : compareCategories(declared, probed.category);
    const tally = byType[declared] ?? emptyTally();
    byType[declared] = tally;
    tally[outcome] += 1;
    total[outcome] += 1;
    if (probed !== null && outcome === 'disagrees') {
      const { category, rule } = probed;
      disagreements.push({ uuid: test.uuid, title: test.listing.title ?? null, declared, probed: category, rule });
    }
  }
  const compared = total.agrees + total.disagrees;
  const share = compared === 0 ? null : total.disagrees / compared;
  return { byType, total, disagreement: { share, interval: exactInterval(total.disagrees, compared) }, disagreements };
}

function emptyTally(): Record<keyof Tally, number> {
  return { agrees: 0, disagrees: 0, 'cannot tell': 0, failed: 0 };
}

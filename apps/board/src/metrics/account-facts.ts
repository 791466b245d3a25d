import type { WorkspaceRecord } from '@inventory/checkpoints';
import type { WorkTotals } from '@inventory/metrics';
import type { JobCounts } from '@inventory/queue';
import type { StandingFacts } from '@inventory/status';

/** All that the metrics of an account are made from. */
export interface AccountFacts {
  readonly standing: StandingFacts;
  /** Errors that stand now, by type. */
  readonly errorsByType: Readonly<Record<string, number>>;
  readonly jobs: JobCounts;
  readonly work: WorkTotals;
  readonly workspaces: readonly WorkspaceRecord[];
  readonly tokensObtained: number;
}

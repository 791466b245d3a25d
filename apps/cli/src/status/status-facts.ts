import type { RunRecord, Totals } from '@inventory/checkpoints';
import type { PaceStatus } from '@inventory/queue';
import type { RunForecast } from '../progress/forecast-run.ts';

/** One error as `status` shows it. */
export interface RecentError {
  /** Test UUID, or `workspace:UUID`. */
  readonly key: string;
  readonly type: string;
  readonly error: string;
  /** Epoch ms. */
  readonly at: number;
}

/** All that `status` shows. Times are epoch ms of Redis' clock, to be read against `pace.now`. */
export interface StatusFacts {
  /** Where Redis is, without a password. */
  readonly redis: string;
  readonly prefix: string;
  /** Whether the prefix holds checkpoints. */
  readonly inUse: boolean;
  readonly totals: Totals;
  /** Runs that are not over, or the latest one; empty when there never was one. */
  readonly runs: readonly RunRecord[];
  readonly forecast: RunForecast;
  readonly pace: PaceStatus;
  readonly tokenExpiresAt: number | null;
  readonly lastVerdictAt: number | null;
  readonly errorsByType: Readonly<Record<string, number>>;
  /** The latest first. */
  readonly recentErrors: readonly RecentError[];
}

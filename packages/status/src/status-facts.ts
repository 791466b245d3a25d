import type { RunRecord, Totals } from '@inventory/checkpoints';
import type { PaceStatus } from '@inventory/queue';
import type { ErrorFacts } from './error-facts.ts';
import type { RunForecast } from './forecast-run.ts';

/** How things stand, but for the errors. Times are epoch ms of Redis' clock, to be read against `pace.now`. */
export interface StandingFacts {
  /** Where Redis is, without a password. */
  readonly redis: string;
  readonly prefix: string;
  /** Whether the prefix holds checkpoints. */
  readonly inUse: boolean;
  readonly totals: Totals;
  /** Runs that are not over, or the latest one; empty when there never was one. */
  readonly runs: readonly RunRecord[];
  /** The last 20 runs that are over, the latest first. */
  readonly history: readonly RunRecord[];
  readonly forecast: RunForecast;
  readonly pace: PaceStatus;
  readonly tokenExpiresAt: number | null;
  readonly lastVerdictAt: number | null;
}

/** All that `status` shows. */
export interface StatusFacts extends StandingFacts, ErrorFacts {}

import { errorFacts, type StandingFacts, statusJson } from '@inventory/status';
import type { Tally } from '../inventory/tally.ts';
import type { TestIndex } from '../inventory/test-index.ts';
import type { Summary } from './summary-schema.ts';

/** What a summary is made from. */
export interface SummaryFacts {
  readonly standing: StandingFacts;
  /** Whether it is old, because Redis does not answer. */
  readonly stale: boolean;
}

/** How things stand, from what was last read. @param numbers the tests of the index, counted (`tally`) */
export function makeSummary({ standing, stale }: SummaryFacts, index: TestIndex, numbers: Tally): Summary {
  const { at, prefix, inUse, runs, history, left, pace, workers, tokenExpiresAt, lastVerdictAt, errors } = statusJson({
    ...standing,
    ...errorFacts(index.errors),
  });
  const { total, byCategory } = numbers.all;
  const { undecided, ...decided } = byCategory;
  return {
    at,
    stale,
    prefix,
    inUse,
    tests: {
      total,
      decided: total - undecided,
      undecided,
      open: index.open.size,
      errors: numbers.errors,
      unlisted: numbers.unlisted,
      provisional: numbers.provisional,
      unconfirmed: numbers.unconfirmed,
    },
    byPlatform: { UTZ: total - undecided - decided.ClassicUT, ClassicUT: decided.ClassicUT },
    byCategory: decided,
    byMonth: [...numbers.byMonth],
    workspaces: [...numbers.workspaces],
    undecided: numbers.undecided,
    runs: runs.map(({ id: _, ...run }) => run),
    history: history.map(({ id: _, ...run }) => run),
    left,
    pace,
    workers: [...workers],
    tokenExpiresAt,
    lastVerdictAt,
    errors: { total: index.errors.size, byType: { ...errors.byType }, recent: [...errors.recent] },
  };
}

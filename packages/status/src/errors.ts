import type { ErrorRecord } from '@inventory/checkpoints';

/** A recorded error without the answer's body. */
interface RecentError extends Pick<ErrorRecord, 'type' | 'error' | 'at'> {
  /** Test UUID, or `workspace:UUID`. */
  readonly key: string;
}

/** Recorded errors in short. */
export interface ErrorFacts {
  readonly errorsByType: Readonly<Record<string, number>>;
  /** The latest five, the latest first. */
  readonly recentErrors: readonly RecentError[];
}

const shown = 5;

/**
 * Counts errors by type, and keeps the latest.
 * @param errors by test UUID or `workspace:UUID`
 * @param before facts of other errors, to which these are added
 */
export function errorFacts(
  errors: Iterable<readonly [string, Pick<ErrorRecord, 'type' | 'error' | 'at'>]>,
  before: ErrorFacts = { errorsByType: {}, recentErrors: [] },
): ErrorFacts {
  const errorsByType = { ...before.errorsByType };
  let recentErrors = before.recentErrors;
  for (const [key, { type, error, at }] of errors) {
    errorsByType[type] = (errorsByType[type] ?? 0) + 1;
    if (recentErrors.length === shown && at <= (recentErrors.at(-1)?.at ?? 0)) continue;
    recentErrors = [...recentErrors, { key, type, error, at }].sort((a, b) => b.at - a.at).slice(0, shown);
  }
  return { errorsByType, recentErrors };
}

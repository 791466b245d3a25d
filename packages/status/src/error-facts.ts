import type { ErrorRecord } from '@inventory/checkpoints';

/** One error as `status` shows it. */
export interface RecentError {
  /** Test UUID, or `workspace:UUID`. */
  readonly key: string;
  readonly type: string;
  readonly error: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Recorded errors in short. */
export interface ErrorFacts {
  /** How many there are of each type. */
  readonly errorsByType: Readonly<Record<string, number>>;
  /** The latest first. */
  readonly recentErrors: readonly RecentError[];
}

const shown = 5;

/**
 * How many errors there are of each type, and the latest five.
 * @param errors by test UUID or `workspace:UUID`
 * @param before of others, to which these are added
 */
export function errorFacts(
  errors: Iterable<readonly [string, Pick<ErrorRecord, 'type' | 'error' | 'at'>]>,
  before: ErrorFacts = { errorsByType: {}, recentErrors: [] },
): ErrorFacts {
  const errorsByType: Record<string, number> = { ...before.errorsByType };
  const recentErrors = [...before.recentErrors];
  for (const [key, { type, error, at }] of errors) {
    errorsByType[type] = (errorsByType[type] ?? 0) + 1;
    const place = recentErrors.findIndex((other) => other.at < at);
    if (place >= 0) recentErrors.splice(place, 0, { key, type, error, at });
    else if (recentErrors.length < shown) recentErrors.push({ key, type, error, at });
    recentErrors.length = Math.min(recentErrors.length, shown);
  }
  return { errorsByType, recentErrors };
}

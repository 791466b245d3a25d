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

/** Errors that say the same. */
export interface ErrorGroup extends Pick<ErrorRecord, 'type' | 'error'> {
  /** Key of the latest one: test UUID, or `workspace:UUID`. */
  readonly key: string;
  readonly count: number;
  /** When the latest one happened, epoch ms. */
  readonly at: number;
}

const uuids = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** Errors in groups of the same type and message, whatever UUIDs they name; the largest group first. */
export function errorGroups(
  errors: Iterable<readonly [string, Pick<ErrorRecord, 'type' | 'error' | 'at'>]>,
): ErrorGroup[] {
  const groups = new Map<string, ErrorGroup>();
  for (const [key, { type, error, at }] of errors) {
    const name = `${type} ${error.replaceAll(uuids, '…')}`;
    const before = groups.get(name);
    const count = (before?.count ?? 0) + 1;
    const isLatest = before === undefined || at > before.at;
    groups.set(name, { ...(isLatest ? { key, type, error, at } : before), count });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || b.at - a.at);
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

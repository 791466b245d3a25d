import { type ChangeKind, changeKinds, endOf, type RunRecord } from './records.ts';

/** How many requests the workers have sent, and how many were answered 429. */
export interface RequestSums {
  readonly requests: number;
  readonly throttled: number;
}

/** The kinds of change that a run lists: what was taken back is not counted at all. */
export type ListedKind = Exclude<ChangeKind, 'withdrawn'>;
export const listedKinds = changeKinds.filter((kind) => kind !== 'withdrawn');

/** How many tests changed, by kind. */
export type ChangeCounts = Readonly<Record<ListedKind, number>>;

/**
 * A run for machines: the same in `status --json`, the HTTP API, notifications and the manifest. Times are ISO 8601 in UTC,
 * durations in ms.
 * @param sent the requests of all workers so far, for a run that goes on
 */
export function runJson(run: RunRecord, sent: RequestSums | null = null) {
  const { id, selection, startedAt, listed, selected, open, shared = 0, outcomes, changes, verified } = run;
  const end = endOf(run);
  return {
    id,
    selection,
    started_at: new Date(startedAt).toISOString(),
    /** Null while it goes on. */
    finished_at: end === null ? null : new Date(end).toISOString(),
    /** Null as well where Redis' clock was set back meanwhile. */
    duration_ms: end === null || end < startedAt ? null : end - startedAt,
    listed,
    selected,
    open,
    /** How many of the selected tests another run waited for already. */
    shared,
    outcomes,
    /** Requests that all workers sent while it ran, and how many were answered 429; null where that is not recorded. */
    requests: requestsOf(run, 'requests', sent),
    throttled: requestsOf(run, 'throttled', sent),
    /** Null for a run of an older version. */
    changes: changes === undefined ? null : countsOf(changes),
    /** Whether the state files passed their checks after it; missing until they are checked. */
    ...(verified !== undefined && { verified }),
  };
}
export type RunJson = ReturnType<typeof runJson>;

function requestsOf(run: RunRecord, name: keyof RequestSums, sent: RequestSums | null): number | null {
  if (endOf(run) !== null || run.before === undefined || sent === null) return run[name] ?? null;
  const since = sent[name] - run.before[name];
  // Redis has lost a sum that is smaller than before.
  return since < 0 ? null : since;
}

function countsOf(changes: NonNullable<RunRecord['changes']>): ChangeCounts {
  const counts = listedKinds.map((kind) => [kind, Math.max(0, changes[kind] ?? 0)]);
  return Object.fromEntries(counts) as Record<ListedKind, number>;
}

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

/** A run for machines. Times are ISO 8601 in UTC, durations in ms. */
export interface RunJson {
  readonly id: string;
  readonly selection: string;
  readonly started_at: string;
  /** Null while it goes on. */
  readonly finished_at: string | null;
  /** Null while it goes on. */
  readonly duration_ms: number | null;
  readonly listed: boolean;
  readonly selected: number;
  readonly open: number;
  /** How many of the selected tests another run waited for already. */
  readonly shared: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Requests that all workers sent while it ran, and how many were answered 429; null where that is not recorded. */
  readonly requests: number | null;
  readonly throttled: number | null;
  /** Null for a run of an older version. */
  readonly changes: ChangeCounts | null;
  /** Whether the state files passed their checks after it; missing until they are checked. */
  readonly verified?: boolean;
}

/**
 * A run for machines: the same in `status --json`, the HTTP API, notifications and the manifest.
 * @param sent the requests of all workers so far, for a run that goes on
 */
export function runJson(run: RunRecord, sent: RequestSums | null = null): RunJson {
  const { id, selection, startedAt, listed, selected, open, shared = 0, outcomes, changes, verified } = run;
  const end = endOf(run);
  return {
    id,
    selection,
    started_at: new Date(startedAt).toISOString(),
    finished_at: end === null ? null : new Date(end).toISOString(),
    duration_ms: end === null ? null : end - startedAt,
    listed,
    selected,
    open,
    shared,
    outcomes,
    requests: requestsOf(run, 'requests', sent),
    throttled: requestsOf(run, 'throttled', sent),
    changes: changes === undefined ? null : countsOf(changes),
    ...(verified !== undefined && { verified }),
  };
}

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

import {
  type ErrorRecord,
  phaseOf,
  type RequestSums,
  type RunRecord,
  runJson,
  type Totals,
} from '@inventory/checkpoints';
import { type RequestForecast, requestForecast, ruleSets } from '@inventory/classification';
import { type PaceStatus, readPaceStatus, readSchedules, type Schedule } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { readTokenFacts } from '@inventory/usertesting';
import { circuitJson } from './health.ts';
import { readRequestSums } from './runs.ts';
import { isoTime } from './words.ts';

/** The status without its errors. Times are epoch ms of Redis' clock, to be compared with `pace.now`. */
export interface ShortStatus {
  /** Where Redis is, without a password. */
  readonly redis: string;
  readonly prefix: string;
  /** Whether the prefix holds checkpoints. */
  readonly inUse: boolean;
  readonly totals: Totals;
  /** Runs that are not over, or the latest one; empty if there has never been one. */
  readonly runs: readonly RunRecord[];
  /** The last 20 runs that are over, the latest first. */
  readonly history: readonly RunRecord[];
  readonly forecast: RunForecast;
  readonly pace: PaceStatus;
  readonly tokenExpiresAt: number | null;
  readonly lastVerdictAt: number | null;
  /** Requests of all workers so far, for the runs that go on; null without one. */
  readonly sent: RequestSums | null;
}

/** Everything that `status` shows. */
export interface Status extends ShortStatus, ErrorFacts {
  readonly schedules: readonly Schedule[];
}

const longestHistory = 20;

/** Reads the status without its errors: a few short reads, however large the library. Writes nothing. */
export async function readShortStatus(runtime: Runtime): Promise<ShortStatus> {
  const { checkpoints, settings, keyspace, redis } = runtime;
  const { queuePrefix: prefix, clientId, tokenUrl, tokenScope: scope } = settings;
  const [inUse, totals, runs, pace, token, lastVerdictAt] = await Promise.all([
    checkpoints.import.isInUse(),
    checkpoints.inventory.totals(),
    checkpoints.runs.list(),
    readPaceStatus(keyspace),
    readTokenFacts(keyspace, { clientId, tokenUrl, scope }),
    checkpoints.inventory.lastVerdictAt(),
  ]);
  // The record of a run that has ended has its requests.
  const goesOn = runs.some((run) => phaseOf(run) !== 'over');
  const sent = goesOn ? await readRequestSums(checkpoints) : null;
  const given = settings.accessToken !== '' && settings.expiresIn > 0 ? settings.expiresIn * 1000 : null;
  return {
    redis: redis.describe(),
    prefix,
    inUse,
    totals,
    ...sortedRuns(runs),
    forecast: forecastRun(totals.open, totals, pace.intervalMs ?? settings.requestIntervalMs),
    pace,
    tokenExpiresAt: token.expiresAt ?? given,
    lastVerdictAt,
    sent,
  };
}

/** Reads everything that `status` shows. Writes nothing, and needs no credentials. */
export async function readStatus(runtime: Runtime): Promise<Status> {
  const status = await readShortStatus(runtime);
  let errors = errorFacts([]);
  for await (const portion of runtime.checkpoints.inventory.scanErrors()) errors = errorFacts(portion, errors);
  return { ...status, ...errors, schedules: await readSchedules(runtime.keyspace, status.pace.now) };
}

/** Present and past runs. @param all the latest last */
export function sortedRuns(all: readonly RunRecord[]): Pick<ShortStatus, 'runs' | 'history'> {
  const over = all.filter((run) => phaseOf(run) === 'over');
  const going = all.filter((run) => phaseOf(run) !== 'over');
  return { runs: going.length > 0 ? going : all.slice(-1), history: over.slice(-longestHistory).reverse() };
}

/** Requests still to come for open tests, and how long they take at the interval in force. */
export interface RunForecast {
  /** Whole requests: least, most likely, most. */
  readonly requests: RequestForecast;
  /** Time for the most likely number, ms, without pauses. */
  readonly ms: number;
}

/**
 * What open tests will still take. It depends on them and the pace alone, so it is right after a restart as well.
 * @param open number of tests without an outcome
 * @param intervalMs the interval in force
 */
export function forecastRun(
  open: number,
  { byRule, rules }: Pick<Totals, 'byRule' | 'rules'>,
  intervalMs: number,
): RunForecast {
  const { low, expected, high } = requestForecast({}, byRule, ruleSets[rules]);
  const requests = { low: open * low, expected: Math.round(open * expected), high: open * high };
  return { requests, ms: requests.expected * intervalMs };
}

const minute = 60_000;

/**
 * The status for machines, the same for `status --json` and the board, but for the tests' numbers. Times are ISO 8601 in
 * UTC, durations in ms.
 */
export function statusJson(status: Status) {
  const { prefix, inUse, totals, runs, history, pace, sent, errorsByType, recentErrors } = status;
  return {
    at: isoTime(pace.now),
    prefix,
    in_use: inUse,
    rules: totals.rules,
    runs: runs.map((run) => runJson(run, sent)),
    history: history.map((run) => runJson(run, sent)),
    schedules: status.schedules.map(({ timeZone, nextAt, seenAt, ...schedule }) => ({
      ...schedule,
      time_zone: timeZone,
      next_at: isoTime(nextAt),
      seen_at: isoTime(seenAt),
    })),
    left: leftJson(status),
    workers: pace.processes.map(({ intervalMs, seenAt, ...process }) => ({
      ...process,
      interval_ms: intervalMs,
      seen_at: isoTime(seenAt),
    })),
    pace: {
      interval_ms: pace.intervalMs,
      limited_until: isoTime(pace.pause?.until),
      cause: pace.pause?.cause ?? null,
      held: pace.held,
      held_since: isoTime(pace.heldSince),
      circuit: circuitJson(pace.circuit),
      last_request_at: isoTime(pace.starts[0]),
      requests_last_minute: pace.starts.filter((at) => pace.now - at < minute).length,
    },
    token_expires_at: isoTime(status.tokenExpiresAt),
    last_verdict_at: isoTime(status.lastVerdictAt),
    errors: {
      total: totals.errors,
      by_type: { ...errorsByType },
      recent: recentErrors.map((error) => ({ ...error, at: isoTime(error.at) })),
    },
  };
}

/** What is still to do. `ends_at` is null while no worker runs or the API does not answer. */
function leftJson({ totals, forecast, pace }: ShortStatus) {
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const moves = pace.processes.length > 0 && pace.held === null && pace.circuit === null && totals.open > 0;
  return { ...forecast, ends_at: moves ? isoTime(pace.now + forecast.ms + paused) : null };
}

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

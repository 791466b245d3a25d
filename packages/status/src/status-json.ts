import type { RunRecord } from '@inventory/checkpoints';
import type { RequestForecast } from '@inventory/classification';
import { type CircuitJson, circuitJson } from './circuit.ts';
import type { RecentError } from './error-facts.ts';
import type { StatusFacts } from './status-facts.ts';
import { isoTime } from './words.ts';

type WithTimes<Record, Times extends string> = Omit<Record, Times> & { readonly [Time in Times]: string | null };

type RunJson = WithTimes<RunRecord, 'startedAt' | 'finishedAt'>;

/** What `status` and the board tell machines alike; times are ISO 8601 in UTC, lengths of time in ms. */
export interface StatusJson {
  readonly at: string;
  readonly prefix: string;
  readonly inUse: boolean;
  /** Name of the set of rules by which tests are probed. */
  readonly rules: string;
  readonly runs: readonly RunJson[];
  /** The last 20 runs that are over, the latest first. */
  readonly history: readonly RunJson[];
  readonly left: { readonly requests: RequestForecast; readonly ms: number; readonly endsAt: string | null };
  readonly pace: {
    readonly intervalMs: number | null;
    readonly limitedUntil: string | null;
    readonly cause: string | null;
    readonly held: string | null;
    readonly circuit: CircuitJson | null;
    readonly lastRequestAt: string | null;
    readonly requestsLastMinute: number;
  };
  readonly workers: readonly WithTimes<StatusFacts['pace']['processes'][number], 'seenAt'>[];
  readonly tokenExpiresAt: string | null;
  readonly lastVerdictAt: string | null;
  readonly errors: {
    readonly total: number;
    readonly byType: Readonly<Record<string, number>>;
    readonly recent: readonly WithTimes<RecentError, 'at'>[];
  };
}

const minute = 60_000;

/** The status for machines, but for the tests' numbers. */
export function statusJson(facts: StatusFacts): StatusJson {
  const { prefix, inUse, totals, runs, history, pace, errorsByType, recentErrors } = facts;
  return {
    at: new Date(pace.now).toISOString(),
    prefix,
    inUse,
    rules: totals.rules,
    runs: runs.map(runJson),
    history: history.map(runJson),
    left: leftJson(facts),
    workers: pace.processes.map(({ seenAt, ...process }) => ({ ...process, seenAt: isoTime(seenAt) })),
    pace: {
      intervalMs: pace.intervalMs,
      limitedUntil: isoTime(pace.pause?.until),
      cause: pace.pause?.cause ?? null,
      held: pace.held,
      circuit: circuitJson(pace.circuit),
      lastRequestAt: isoTime(pace.starts[0]),
      requestsLastMinute: pace.starts.filter((at) => pace.now - at < minute).length,
    },
    tokenExpiresAt: isoTime(facts.tokenExpiresAt),
    lastVerdictAt: isoTime(facts.lastVerdictAt),
    errors: {
      total: totals.errors,
      byType: errorsByType,
      recent: recentErrors.map((error) => ({ ...error, at: isoTime(error.at) })),
    },
  };
}

function runJson(run: RunRecord): RunJson {
  return { ...run, startedAt: isoTime(run.startedAt), finishedAt: isoTime(run.finishedAt) };
}

/** What is still to do; it ends at no known time while nobody works at it or the API does not answer. */
function leftJson({ totals, forecast, pace }: StatusFacts): StatusJson['left'] {
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const moves = pace.processes.length > 0 && pace.held === null && pace.circuit === null && totals.open > 0;
  return { ...forecast, endsAt: moves ? isoTime(pace.now + forecast.ms + paused) : null };
}

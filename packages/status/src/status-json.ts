import type { RunRecord } from '@inventory/checkpoints';
import { circuitJson } from './circuit.ts';
import type { StatusFacts } from './status-facts.ts';
import { isoTime } from './words.ts';

const minute = 60_000;

/**
 * The status for machines, the same for `status --json` and the board, but for the tests' numbers. Times are ISO 8601 in
 * UTC, durations in ms.
 */
export function statusJson(facts: StatusFacts) {
  const { prefix, inUse, totals, runs, history, pace, errorsByType, recentErrors } = facts;
  return {
    at: new Date(pace.now).toISOString(),
    prefix,
    in_use: inUse,
    rules: totals.rules,
    runs: runs.map(runJson),
    history: history.map(runJson),
    left: leftJson(facts),
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
      circuit: circuitJson(pace.circuit),
      last_request_at: isoTime(pace.starts[0]),
      requests_last_minute: pace.starts.filter((at) => pace.now - at < minute).length,
    },
    token_expires_at: isoTime(facts.tokenExpiresAt),
    last_verdict_at: isoTime(facts.lastVerdictAt),
    errors: {
      total: totals.errors,
      by_type: { ...errorsByType },
      recent: recentErrors.map((error) => ({ ...error, at: isoTime(error.at) })),
    },
  };
}

function runJson({ startedAt, finishedAt, ...run }: RunRecord) {
  return { ...run, started_at: isoTime(startedAt), finished_at: isoTime(finishedAt) };
}

/** What is still to do. `ends_at` is null while no worker runs or the API does not answer. */
function leftJson({ totals, forecast, pace }: StatusFacts) {
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const moves = pace.processes.length > 0 && pace.held === null && pace.circuit === null && totals.open > 0;
  return { ...forecast, ends_at: moves ? isoTime(pace.now + forecast.ms + paused) : null };
}

import type { StatusFacts } from './status-facts.ts';

/** The status for machines; times are ISO 8601 in UTC, lengths of time in ms. */
export function statusJson(facts: StatusFacts): object {
  const { redis, prefix, inUse, totals, runs, forecast, pace, errorsByType, recentErrors } = facts;
  const iso = (at: number | null | undefined): string | null =>
    at === null || at === undefined ? null : new Date(at).toISOString();
  const paused = pace.pause === null ? 0 : pace.pause.until - pace.now;
  const moves = pace.processes.length > 0 && pace.held === null;
  return {
    at: iso(pace.now),
    redis,
    prefix,
    inUse,
    tests: { known: totals.tests, byCategory: totals.byCategory, open: totals.open },
    runs: runs.map((run) => ({ ...run, startedAt: iso(run.startedAt), finishedAt: iso(run.finishedAt) })),
    left: {
      requests: forecast.requests,
      ms: forecast.ms,
      endsAt: moves && totals.open > 0 ? iso(pace.now + forecast.ms + paused) : null,
    },
    workers: pace.processes.map(({ seenAt, ...process }) => ({ ...process, seenAt: iso(seenAt) })),
    pace: {
      intervalMs: pace.intervalMs,
      limitedUntil: iso(pace.pause?.until),
      cause: pace.pause?.cause ?? null,
      held: pace.held,
      lastRequestAt: iso(pace.starts[0] === undefined ? null : Math.round(pace.starts[0])),
    },
    tokenExpiresAt: iso(facts.tokenExpiresAt),
    lastVerdictAt: iso(facts.lastVerdictAt),
    errors: {
      total: totals.errors,
      byType: errorsByType,
      recent: recentErrors.map((error) => ({ ...error, at: iso(error.at) })),
    },
  };
}

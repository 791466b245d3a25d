import { isResultsEndpoint } from '../endpoint.ts';
import type { LoggedRequest } from './request-log.ts';

/** Sums over a request log. Times and spacings in ms. */
export interface RequestStatistics {
  readonly total: number;
  readonly byEndpoint: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests to the four Results endpoints together, whatever their outcome. */
  readonly results: {
    readonly count: number;
    readonly throttled: number;
    readonly firstAt: number | null;
    readonly lastAt: number | null;
    /** Least time between the arrivals of two of them; null for fewer than two. */
    readonly leastSpacingMs: number | null;
    /** Most of them that were under way at once. */
    readonly mostInFlight: number;
    /** Those that asked what an earlier one had asked about the same test or session. */
    readonly repeated: number;
  };
}

/** Sums over the requests of a log, which are in the order of their arrival. */
export function requestStatistics(requests: readonly LoggedRequest[]): RequestStatistics {
  const results = requests.filter(({ endpoint }) => endpoint !== 'unknown' && isResultsEndpoint(endpoint));
  const spacings = resultsSpacings(results);
  const subjects = new Set(results.map(({ endpoint, testUuid, sessionId }) => `${endpoint} ${sessionId ?? testUuid}`));
  return {
    total: requests.length,
    byEndpoint: tally(requests.map(({ endpoint }) => endpoint)),
    byStatus: tally(requests.map(({ status }) => String(status))),
    results: {
      count: results.length,
      throttled: results.filter(({ status }) => status === 429).length,
      firstAt: results[0]?.at ?? null,
      lastAt: results.at(-1)?.at ?? null,
      leastSpacingMs: spacings.length === 0 ? null : spacings.reduce((least, next) => Math.min(least, next)),
      mostInFlight: mostInFlight(results),
      repeated: results.length - subjects.size,
    },
  };
}

/** The times between the arrivals of neighbouring Results requests, in ms, in order. */
export function resultsSpacings(requests: readonly LoggedRequest[]): readonly number[] {
  const times = requests
    .filter(({ endpoint }) => endpoint !== 'unknown' && isResultsEndpoint(endpoint))
    .map(({ at }) => at);
  return times.slice(1).map((at, index) => at - (times[index] ?? at));
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function mostInFlight(requests: readonly LoggedRequest[]): number {
  const events = requests.flatMap(({ at, endedAt }) => [
    { at, step: 1 },
    { at: endedAt ?? Number.POSITIVE_INFINITY, step: -1 },
  ]);
  // At the same moment an end comes before a start.
  events.sort((a, b) => (a.at === b.at ? a.step - b.step : a.at - b.at));
  let inFlight = 0;
  let most = 0;
  for (const { step } of events) {
    inFlight += step;
    most = Math.max(most, inFlight);
  }
  return most;
}

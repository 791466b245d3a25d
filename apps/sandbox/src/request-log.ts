import { type Endpoint, isResultsEndpoint } from './endpoints.ts';

/**
 * How a request ended: the status answered, the way the connection was broken, `hang` (no answer yet), `client-closed`
 * (the client went away first), or `pending`.
 */
export type Outcome = number | 'reset' | 'reset-in-body' | 'cut-body' | 'hang' | 'client-closed' | 'pending';

/** What is known of a request when its head arrives. */
export interface Arrival {
  /** When its head arrived, ms of a monotonic clock with fractions, near the epoch. */
  readonly at: number;
  readonly endpoint: Endpoint | 'unknown';
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly workspaceUuid: string | null;
  /** For requests about a session, the test that the session belongs to. */
  readonly testUuid: string | null;
  readonly sessionId: string | null;
  readonly remotePort: number;
  readonly userAgent: string | null;
}

/** What became of a request. */
interface Result {
  /** When the answer was handed to the connection, or the connection ended, as `at`; null before that. */
  endedAt: number | null;
  status: Outcome;
  /** Which token came with it, counted from 1; 0 = none or an unknown one. For the token endpoint, the one handed out. */
  tokenGeneration: number;
  /** The fault that met it. */
  faultId: string | null;
}

/** A request in the log, to which its result is added. */
export interface LogEntry extends Arrival, Result {
  /** Counts from 1, also over resets of the log. */
  readonly number: number;
}

/** One request as the server saw it. */
export type LoggedRequest = Readonly<LogEntry>;

export interface RequestLog {
  /** Notes a request on arrival. */
  open(arrival: Arrival): LogEntry;
  /** All requests since the last reset, in the order of their arrival; later changes are not shown in it. */
  all(): readonly LoggedRequest[];
  reset(): void;
}

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

/** An empty log of requests. */
export function requestLog(): RequestLog {
  let entries: LogEntry[] = [];
  let opened = 0;
  return {
    open(arrival) {
      opened += 1;
      const result: Result = { endedAt: null, status: 'pending', tokenGeneration: 0, faultId: null };
      const entry = { number: opened, ...arrival, ...result };
      entries.push(entry);
      return entry;
    },
    all: () => entries.map((entry) => ({ ...entry })),
    reset() {
      entries = [];
    },
  };
}

/** Sums over the requests of a log, which are in the order of their arrival. */
export function requestStatistics(requests: readonly LoggedRequest[]): RequestStatistics {
  const results = resultsRequests(requests);
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
  const times = resultsRequests(requests).map(({ at }) => at);
  return times.slice(1).map((at, index) => at - (times[index] ?? at));
}

/** The requests to the four Results endpoints. */
export function resultsRequests(requests: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return requests.filter(({ endpoint }) => isResultsEndpoint(endpoint));
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

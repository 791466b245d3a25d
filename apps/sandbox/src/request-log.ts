import { type Endpoint, isResultsEndpoint } from './endpoints.ts';

/**
 * How a request ended: the status answered, the way the connection was broken, `hang` (no answer yet), `client-closed`
 * (the client went away first), or `pending`.
 */
export type Outcome = number | 'reset' | 'reset-in-body' | 'cut-body' | 'hang' | 'client-closed' | 'pending';

/** What is known of a request when its headers arrive. */
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
}

/** How a request ended. */
interface Result {
  /** When the answer was handed to the connection, or the connection ended, as `at`; null before that. */
  endedAt: number | null;
  status: Outcome;
  /** The fault that affected it. */
  faultId: string | null;
}

/** A request in the log, to which its result is added. */
export interface LogEntry extends Arrival, Result {
  /** Counts from 1, also over resets of the log. */
  readonly number: number;
}

/** One request as the server saw it. */
export type LoggedRequest = Readonly<LogEntry>;

export function requestLog() {
  let entries: LogEntry[] = [];
  let opened = 0;
  return {
    /** Adds a request on arrival. */
    open(arrival: Arrival): LogEntry {
      opened += 1;
      const result: Result = { endedAt: null, status: 'pending', faultId: null };
      const entry = { number: opened, ...arrival, ...result };
      entries.push(entry);
      return entry;
    },
    /** All requests since the last reset, in the order of their arrival; later changes are not shown in it. */
    all: (): readonly LoggedRequest[] => entries.map((entry) => ({ ...entry })),
    reset() {
      entries = [];
    },
  };
}

/** Sums over the requests of a log, which are in the order of their arrival. */
export function requestStatistics(requests: readonly LoggedRequest[]) {
  const results = resultsRequests(requests);
  const subjects = new Set(results.map(({ endpoint, testUuid, sessionId }) => `${endpoint} ${sessionId ?? testUuid}`));
  return {
    byEndpoint: tally(requests.map(({ endpoint }) => endpoint)),
    /** Requests to the four Results endpoints together, whatever their outcome. */
    results: {
      count: results.length,
      throttled: results.filter(({ status }) => status === 429).length,
      /** Requests for an endpoint and a test or session that were requested before. */
      repeated: results.length - subjects.size,
    },
  };
}

/** The times between the arrivals of neighbouring Results requests, in ms, in order. */
export function resultsSpacings(requests: readonly LoggedRequest[]): readonly number[] {
  const times = resultsRequests(requests).map(({ at }) => at);
  return times.slice(1).map((at, index) => at - (times[index] ?? at));
}

export function resultsRequests(requests: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return requests.filter(({ endpoint }) => isResultsEndpoint(endpoint));
}

function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

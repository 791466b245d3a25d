import type { Endpoint } from '../endpoint.ts';

/**
 * How a request ended: the status answered, the way the connection was broken, `hang` (no answer yet), `client-closed`
 * (the client went away first), or `pending`.
 */
export type Outcome = number | 'reset' | 'reset-in-body' | 'cut-body' | 'hang' | 'client-closed' | 'pending';

/** One request as the server saw it. Times are ms of a monotonic clock with fractions, near the epoch. */
export interface LoggedRequest {
  /** Counts from 1, also over resets of the log. */
  readonly number: number;
  /** When its head arrived. */
  readonly at: number;
  /** When the answer was handed to the connection, or the connection ended; null before that. */
  readonly endedAt: number | null;
  readonly endpoint: Endpoint | 'unknown';
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly workspaceUuid: string | null;
  /** For requests about a session, the test that the session belongs to. */
  readonly testUuid: string | null;
  readonly sessionId: string | null;
  readonly status: Outcome;
  /** Which token came with it, counted from 1; 0 = none or an unknown one. For the token endpoint, the one handed out. */
  readonly tokenGeneration: number;
  /** The fault that met it. */
  readonly faultId: string | null;
  readonly remotePort: number;
  readonly userAgent: string | null;
}

export type NewRequest = Omit<LoggedRequest, 'number' | 'endedAt' | 'status' | 'tokenGeneration' | 'faultId'>;
type RequestChange = Partial<Pick<LoggedRequest, 'endedAt' | 'status' | 'tokenGeneration' | 'faultId'>>;

export interface RequestLog {
  /** Notes a request on arrival and gives its number. */
  open(request: NewRequest): number;
  /** Adds to a noted request; numbers from before a reset are ignored. */
  change(number: number, change: RequestChange): void;
  /** A noted request; undefined after a reset. */
  get(number: number): LoggedRequest | undefined;
  /** All requests since the last reset, in the order of their arrival. */
  all(): readonly LoggedRequest[];
  reset(): void;
}

/** An empty log of requests. */
export function requestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let opened = 0;
  const indexOf = (number: number) => number - (opened - entries.length) - 1;
  return {
    open(request) {
      opened += 1;
      entries.push({ ...request, number: opened, endedAt: null, status: 'pending', tokenGeneration: 0, faultId: null });
      return opened;
    },
    change(number, change) {
      const entry = entries[indexOf(number)];
      if (entry) entries[indexOf(number)] = { ...entry, ...change };
    },
    get: (number) => entries[indexOf(number)],
    all: () => [...entries],
    reset() {
      entries = [];
    },
  };
}

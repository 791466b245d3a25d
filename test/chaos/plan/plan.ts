import type { Endpoint, Fault, LibraryOptions } from '@inventory/sandbox';

/** A process of the program, by the name of its command. */
export type Role = 'start' | 'producer' | 'worker' | 'exporter';

/** How a 429 says when to come back; `date` and `past` are HTTP dates, the last two name the time elsewhere. */
type LimitForm = 'seconds' | 'zero' | 'date' | 'past' | 'nonsense' | 'missing';

/** One thing that goes wrong. Times in ms. */
export type Act =
  /** A signal to one of the processes of a role, counted around; `twice` sends it again while the process is ending. */
  | {
      readonly kind: 'signal';
      readonly role: Role;
      readonly which: number;
      readonly signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT';
      readonly twice: boolean;
    }
  /** kill -9 of Redis. */
  | { readonly kind: 'redis'; readonly downMs: number }
  /** All connections are broken, and new ones refused for a while. */
  | { readonly kind: 'cut'; readonly line: 'redis' | 'api'; readonly refuseMs: number }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** A 429, `count` times. */
  | {
      readonly kind: 'limit';
      readonly endpoint: Endpoint | 'results';
      readonly form: LimitForm;
      readonly count: number;
    }
  /** All tokens become worthless. */
  | { readonly kind: 'revoke' }
  /** The token endpoint fails for a while, and all tokens become worthless. */
  | { readonly kind: 'token-down'; readonly forMs: number; readonly status: number }
  /** One more process joins. */
  | { readonly kind: 'join'; readonly role: Role }
  /** The forward proxy breaks its tunnels and refuses new ones with a status; null only breaks them. */
  | { readonly kind: 'proxy'; readonly status: number | null; readonly forMs: number }
  /** Something that is not the API answers in its place, in a way that can be told. */
  | {
      readonly kind: 'gateway';
      readonly answer: 'html-404' | 'text-404' | 'empty-404' | 'html-200';
      readonly endpoint: 'results' | 'all';
      readonly forMs: number;
    }
  /** A gateway answers 404 in JSON for all tests, once two were known, until the queue is held because of it. */
  | { readonly kind: 'forgetful' }
  /** Nothing of the API can be reached. */
  | {
      readonly kind: 'outage';
      readonly how: '503' | 'reset' | 'hang' | 'refuse';
      readonly endpoint: 'results' | 'all';
      readonly forMs: number;
    }
  /** kill -9 of Redis, whose append-only file loses its last bytes; then another, so that half a transaction counts. */
  | { readonly kind: 'aof'; readonly cutBytes: number; readonly downMs: number; readonly againAfterMs: number | null }
  /** One key is deleted, of those that match a pattern after the prefix. */
  | { readonly kind: 'lost-key'; readonly key: string; readonly which: number }
  /** Redis' clock is set. */
  | { readonly kind: 'redis-clock'; readonly byMs: number };

/** An act, and when: so long after the server has seen so many Results requests. */
export interface PlannedEvent {
  readonly atRequest: number;
  readonly delayMs: number;
  readonly act: Act;
}

/** A test that fails for good until the repair, and the record it has to get. */
export interface PermanentFault {
  readonly testUuid: string;
  readonly fault: Fault;
  readonly expected: { readonly type: string; readonly status: number | null };
}

/** One chaos run, all of it that is decided beforehand. */
export interface Plan {
  readonly seed: number;
  readonly variant: 'transient' | 'permanent';
  readonly library: LibraryOptions;
  /** Adds a workspace without tests at the end of the list. */
  readonly emptyWorkspace: boolean;
  /** Whether all requests go by HTTPS through a forward proxy. */
  readonly proxied: boolean;
  /**
   * Wrong clocks, in ms ahead (negative: behind): that of each second process, those with an even (0) or odd (1)
   * number, and that of the API.
   */
  readonly clocks: { readonly shiftMs: number; readonly remainder: 0 | 1; readonly serverShiftMs: number } | null;
  readonly sandbox: {
    /** Least and most, in ms. */
    readonly latency: readonly [number, number];
    readonly tokenLifeSeconds: number;
    readonly listing: 'object' | 'array';
    readonly sessions: 'tutorial' | 'reference';
  };
  readonly settings: {
    readonly WORKER_SLOTS: string;
    readonly REQUEST_INTERVAL_MS: string;
    readonly REQUEST_TIMEOUT_MS: string;
    readonly STEP_RETRIES: string;
    readonly EXPORT_INTERVAL_MS: string;
    readonly CLASSIFY_BY: string;
  };
  /** Whether tokens are written back to a settings file. */
  readonly envFile: boolean;
  /** The processes of the beginning. */
  readonly cast: readonly Role[];
  readonly events: readonly PlannedEvent[];
  readonly permanent: readonly PermanentFault[];
  /** Whether the other processes are stopped before the last `start --all`, or go on beside it. */
  readonly aloneInTheEnd: boolean;
}

import type { AnswerStyle } from './api-answers.ts';
import type { Endpoint } from './endpoints.ts';
import type { Fault } from './faults.ts';
import { faultBoard } from './faults.ts';
import type { LibraryOptions } from './library/generate.ts';
import { createLibrary, type Library, type LibraryData } from './library/library.ts';
import { seededRandom } from './library/seeded.ts';
import { DEFAULT_LIMITER, type LimiterSettings, slidingWindow } from './limiter.ts';
import { requestLog } from './request-log.ts';
import { tokenIssuer } from './tokens.ts';

/** How long answers take, in ms: always the same, or anything between two times. */
export type Delay = number | readonly [leastMs: number, mostMs: number];

/** One delay for every endpoint, or one each; 0 for endpoints not named. */
export type Latency = Delay | Partial<Record<Endpoint, Delay | undefined>>;

/** What a sandbox is started with; everything can be left out. */
export interface SandboxOptions {
  /** A library, the options to generate one, or one given by hand as plain data. */
  readonly library?: Library | LibraryOptions | LibraryData | undefined;
  /** 127.0.0.1 without it. */
  readonly host?: string | undefined;
  /** A free one (0) without it. */
  readonly port?: number | undefined;
  /** PEM texts; with them it speaks HTTPS. */
  readonly tls?: { readonly key: string; readonly certificate: string } | undefined;
  /** Requests to the Results API in any `windowMs`; 10 without it, 0 = no limit. */
  readonly limit?: number | undefined;
  /** 60,000 ms without it. */
  readonly windowMs?: number | undefined;
  readonly retryAfter?: LimiterSettings['retryAfter'] | undefined;
  readonly rateHeaders?: boolean | undefined;
  /** How far the clock shown in answers (`Date`, dates in `Retry-After`) is ahead, in ms; negative = behind. */
  readonly clockSkewMs?: number | undefined;
  /** 0 ms without it. */
  readonly latency?: Latency | undefined;
  /** 3,600 s without it. */
  readonly tokenLifeSeconds?: number | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** Shows `type` and `productType` in listings; off without it. */
  readonly metadata?: boolean | undefined;
  readonly listing?: AnswerStyle['listing'] | undefined;
  readonly sessions?: AnswerStyle['sessions'] | undefined;
  /** Faults that are on from the start. */
  readonly faults?: readonly Fault[] | undefined;
  /** For random latencies and the probability of faults; 1 without it. */
  readonly seed?: number | undefined;
}

/** Everything that a running sandbox knows. */
export type SandboxState = ReturnType<typeof createState>;

/** What a sandbox knows at its start. Throws a ZodError for a fault of the wrong form. */
export function createState(options: SandboxOptions) {
  const { limit = DEFAULT_LIMITER.limit, windowMs = DEFAULT_LIMITER.windowMs } = options;
  const { retryAfter = DEFAULT_LIMITER.retryAfter, rateHeaders = DEFAULT_LIMITER.rateHeaders } = options;
  const { clientId = 'sandbox-client', clientSecret = 'sandbox-secret', tokenLifeSeconds = 3600 } = options;
  const { metadata = false, listing = 'object', sessions = 'tutorial' } = options;
  const { seed = 1, latency = 0, clockSkewMs = 0 } = options;
  const clock = () => performance.timeOrigin + performance.now();
  const random = seededRandom(seed);
  const faults = faultBoard(clock, random);
  for (const fault of options.faults ?? []) faults.add(fault);
  return {
    library: libraryOf(options),
    client: { clientId, clientSecret },
    tokens: tokenIssuer(tokenLifeSeconds, clock),
    limiter: slidingWindow({ limit, windowMs, retryAfter, rateHeaders }, clock),
    faults,
    log: requestLog(),
    random,
    /** Monotonic ms with fractions, near the epoch. */
    clock,
    /** The wall clock shown in answers, epoch ms. */
    wallClock: () => Date.now() + clockSkewMs,
    style: { metadata, listing, sessions },
    latency: latency as Latency,
  };
}

function libraryOf({ library = {}, metadata }: SandboxOptions): Library {
  if ('listing' in library) return library;
  return createLibrary('tests' in library && Array.isArray(library.tests) ? library : { metadata, ...library });
}

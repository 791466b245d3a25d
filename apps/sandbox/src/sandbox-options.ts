import type { Fault } from './faults/fault.ts';
import type { Library, LibraryData } from './library/library.ts';
import type { LibraryOptions } from './library/library-options.ts';
import { DEFAULT_LIMITER, type LimiterSettings } from './limiter/sliding-window.ts';
import type { Latency } from './server/latency.ts';

/** What a sandbox is started with; everything can be left out. */
export interface SandboxOptions {
  /** A library, the options to generate one, or one given by hand as plain data. */
  readonly library?: Library | LibraryOptions | LibraryData | undefined;
  /** 127.0.0.1 without it. */
  readonly host?: string | undefined;
  /** PEM texts; with them it speaks HTTPS. */
  readonly tls?: { readonly key: string; readonly certificate: string } | undefined;
  /** A free one (0) without it. */
  readonly port?: number | undefined;
  /** Requests to the Results API in any `windowMs`; 10 without it, 0 = no limit. */
  readonly limit?: number | undefined;
  /** 60,000 ms without it. */
  readonly windowMs?: number | undefined;
  readonly countRejected?: boolean | undefined;
  readonly retryAfter?: LimiterSettings['retryAfter'] | undefined;
  readonly rateHeaders?: boolean | undefined;
  readonly reset?: LimiterSettings['reset'] | undefined;
  /** How far the clock that answers show (`Date`, dates in `Retry-After`) is ahead, in ms; negative = behind. */
  readonly clockSkewMs?: number | undefined;
  /** In ms; 0 without it. */
  readonly latency?: Latency | undefined;
  /** 3,600 s without it. */
  readonly tokenLifeSeconds?: number | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly scope?: string | undefined;
  /** Shows `type` and `productType` in listings; off without it. */
  readonly metadata?: boolean | undefined;
  readonly listing?: 'object' | 'array' | undefined;
  readonly sessions?: 'tutorial' | 'reference' | undefined;
  /** Faults that are on from the start. */
  readonly faults?: readonly Fault[] | undefined;
  /** For random latencies and the probability of faults; 1 without it. */
  readonly seed?: number | undefined;
}

/** The settings of the limiter that the options ask for. */
export function limiterSettings(options: SandboxOptions): LimiterSettings {
  return {
    limit: options.limit ?? DEFAULT_LIMITER.limit,
    windowMs: options.windowMs ?? DEFAULT_LIMITER.windowMs,
    countRejected: options.countRejected ?? DEFAULT_LIMITER.countRejected,
    retryAfter: options.retryAfter ?? DEFAULT_LIMITER.retryAfter,
    rateHeaders: options.rateHeaders ?? DEFAULT_LIMITER.rateHeaders,
    reset: options.reset ?? DEFAULT_LIMITER.reset,
  };
}

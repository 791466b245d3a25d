import type { Logger } from '@inventory/logger';
import type { AxiosError } from 'axios';
import type { IAxiosRetryConfig } from 'axios-retry';
import { pauseFrom } from '../headers/pause-from.ts';
import { retryAfterMs } from '../headers/retry-after-ms.ts';
import { isTransientStatus } from './error-for-status.ts';
import { whereOf } from './where-of.ts';

export interface RetryPolicyOptions {
  /** Tries after the first one. */
  readonly retries: number;
  /** The first back-off, ms; each further one is twice as long, up to half a minute, plus up to a quarter of jitter. */
  readonly firstDelayMs: number;
  /** The longest pause that a server can ask for, ms. */
  readonly longestPauseMs: number;
  readonly logger: Logger;
}

const longestBackOffMs = 30_000;

/**
 * How axios-retry repeats a request that isn't limited: on no whole answer, an answer that isn't the documented one,
 * 5xx, 408, 425 and 429; never sooner than the server asks. Whatever the method: what we post may be posted again.
 */
export function retryPolicy({ retries, firstDelayMs, longestPauseMs, logger }: RetryPolicyOptions): IAxiosRetryConfig {
  return {
    retries,
    retryCondition: isWorthAnotherTry,
    retryDelay(attempt, error) {
      const backOff = Math.min(firstDelayMs * 2 ** (attempt - 1), longestBackOffMs);
      return Math.max(Math.min(askedPause(error), longestPauseMs), backOff * (1 + Math.random() / 4));
    },
    onRetry(attempt, error, { url = '' }) {
      const reason = error.response?.status ?? error.code ?? 'unknown';
      logger.warn({ where: whereOf(url), attempt, of: retries, reason }, 'no usable answer, trying again');
    },
  };
}

function isWorthAnotherTry({ code, response }: AxiosError): boolean {
  if (code === 'ERR_CANCELED') return false;
  if (response === undefined || response.status === 200 || response.status === 429) return true;
  return isTransientStatus(response.status);
}

function askedPause({ response }: AxiosError): number {
  if (response === undefined) return 0;
  const read = response.status === 429 ? pauseFrom : retryAfterMs;
  return read(response.headers, Date.now()) ?? 0;
}

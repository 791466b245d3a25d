import type { Logger } from '@inventory/logger';
import type { AxiosError, AxiosResponse } from 'axios';
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
  /** The longest pause that is waited for, ms. */
  readonly longestPauseMs: number;
  readonly logger: Logger;
  /** Which answers with another status than 200 may become a good one; 5xx, 408, 425 and 429 unless given. */
  readonly mayPass?: (response: AxiosResponse) => boolean;
}

const longestBackOffMs = 30_000;

/**
 * How axios-retry repeats a request that isn't limited: on no whole answer, an answer that isn't the documented one, and
 * one that may pass; never sooner than the server asks, and not at all when it asks for a longer pause than there may be.
 * Whatever the method: what we post may be posted again.
 */
export function retryPolicy(options: RetryPolicyOptions): IAxiosRetryConfig {
  const { retries, firstDelayMs, longestPauseMs, logger, mayPass = isForNow } = options;
  return {
    retries,
    retryCondition(error) {
      const { code, response } = error;
      if (code === 'ERR_CANCELED' || askedPause(error) > longestPauseMs) return false;
      return response === undefined || response.status === 200 || mayPass(response);
    },
    retryDelay(attempt, error) {
      const backOff = Math.min(firstDelayMs * 2 ** (attempt - 1), longestBackOffMs);
      return Math.max(askedPause(error), backOff * (1 + Math.random() / 4));
    },
    onRetry(attempt, error, { url = '' }) {
      const why = error.code === 'ERR_PROXY' ? error.message : error.code;
      const reason = error.response?.status ?? why ?? 'unknown';
      logger.warn({ where: whereOf(url), attempt, of: retries, reason }, 'no usable answer, trying again');
    },
  };
}

function isForNow({ status }: AxiosResponse): boolean {
  return status === 429 || isTransientStatus(status);
}

function askedPause({ response }: AxiosError): number {
  if (response === undefined) return 0;
  const read = response.status === 429 ? pauseFrom : retryAfterMs;
  return read(response.headers) ?? 0;
}

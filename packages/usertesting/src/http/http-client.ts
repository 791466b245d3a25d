import type { ProxyAddress } from '@inventory/config';
import type { Logger } from '@inventory/logger';
import axios, {
  type AxiosAdapter,
  AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  type AxiosResponseTransformer,
  type InternalAxiosRequestConfig,
} from 'axios';
import axiosRetry, { type IAxiosRetryConfig } from 'axios-retry';
import { parseJson } from './body.ts';
import { type Connection, openConnection } from './connection.ts';
import { DeadlineError, withDeadline } from './deadline.ts';
import { failureReason, isForeignNotFound, isTransientStatus } from './failures.ts';
import { pauseFrom, retryAfterMs } from './headers.ts';
import { whereOf } from './urls.ts';

export interface HttpClientOptions {
  /** The proxy to use, null for none. */
  readonly proxy: ProxyAddress | null;
  /** Time for one try from connecting to the last byte, ms. */
  readonly tryMs: number;
  /** The largest body that is accepted. */
  readonly maxBytes: number;
  /** How requests are repeated; not at all without it. */
  readonly retry?: RetryOptions;
}

export interface HttpClient {
  readonly http: AxiosInstance;
  close(): void;
}

const idleMs = 5_000;

/** A client for answers in JSON, which come as text; anything but a 200 is an error. */
export function openHttpClient({ proxy, tryMs, maxBytes, retry }: HttpClientOptions): HttpClient {
  const connection = openConnection({ proxy, connectMs: tryMs, idleMs });
  const http = axios.create({
    ...connection.config,
    adapter: deadlineAdapter(tryMs, connection),
    maxContentLength: maxBytes,
    responseType: 'text',
    validateStatus: (status) => status === 200,
    headers: { Accept: 'application/json' },
  });
  if (retry !== undefined) axiosRetry(http, retryConfig(retry));
  return { http, close: connection.close };
}

/**
 * An axios adapter whose every try ends within `limitMs` in total, so that each retry has its own deadline; axios'
 * own `timeout` starts again with each byte once the headers have arrived. An answer that is not the server's does not
 * count as an answer.
 */
function deadlineAdapter(limitMs: number, connection: Connection): AxiosAdapter {
  const overHttp = axios.getAdapter('http');
  return async (config) => {
    const { signal } = config;
    const outer = signal instanceof AbortSignal ? signal : undefined;
    try {
      const response = await withDeadline(limitMs, outer, (deadline) => {
        config.signal = deadline;
        return overHttp(config);
      });
      connection.check(response);
      return response;
    } catch (error) {
      if (error instanceof AxiosError && error.response !== undefined) connection.check(error.response);
      if (!(error instanceof DeadlineError)) throw error;
      throw new AxiosError(error.message, AxiosError.ETIMEDOUT, config);
    } finally {
      // A retry uses this config again, and must not find the old deadline in it.
      if (signal === undefined) delete config.signal;
      else config.signal = signal;
    }
  };
}

interface RetryOptions {
  /** Tries after the first one. */
  readonly retries: number;
  /** The first back-off, ms; each further one is twice as long, up to half a minute, plus up to a quarter of jitter. */
  readonly firstDelayMs: number;
  /** The longest pause that is waited for, ms. */
  readonly longestPauseMs: number;
  /** Gets a line for each; none without it. */
  readonly logger?: Logger;
  /** Which answers other than 200 may become a good one; unless given 5xx, 408, 425, 429 and a 404 that is not the API's. */
  readonly mayPass?: (response: AxiosResponse) => boolean;
}

const longestBackOffMs = 30_000;

/**
 * How axios-retry repeats a request: when no complete answer came, the answer is not the documented one, or it may pass;
 * never sooner than the server asks, and not at all when it asks for more than the longest pause. The method does not
 * matter: our only POST may be sent again.
 */
function retryConfig({ retries, firstDelayMs, longestPauseMs, logger, ...options }: RetryOptions): IAxiosRetryConfig {
  const { mayPass = isForNow } = options;
  return {
    retries,
    retryCondition(error) {
      const { code, response } = error;
      if (code === 'ERR_CANCELED' || requestedPause(error) > longestPauseMs) return false;
      return response === undefined || response.status === 200 || mayPass(response);
    },
    retryDelay(attempt, error) {
      const backOff = Math.min(firstDelayMs * 2 ** (attempt - 1), longestBackOffMs);
      return Math.max(requestedPause(error), backOff * (1 + Math.random() / 4));
    },
    onRetry(attempt, error, { url = '' }) {
      const reason = error.response?.status ?? failureReason(error);
      const seconds = Math.ceil(requestedPause(error) / 1000);
      const asked = seconds > 0 ? ` in ${seconds} s, as it asks` : '';
      logger?.warn(
        { where: whereOf(url), retry: attempt, of: retries, reason },
        `no usable answer, trying again${asked}`,
      );
    },
  };
}

function isForNow(response: AxiosResponse): boolean {
  return response.status === 429 || isTransientStatus(response.status) || isForeignNotFound(response);
}

function requestedPause({ response }: AxiosError): number {
  if (response === undefined) return 0;
  const read = response.status === 429 ? pauseFrom : retryAfterMs;
  return read(response.headers) ?? 0;
}

/** What a reader of JSON returns instead of a result when the JSON isn't the documented one. */
export interface Problem {
  readonly problem: string;
}

/**
 * Reads the JSON of a 200 as part of the request, so that the request is repeated when it isn't the documented one. Other
 * statuses keep their text.
 * @param read gives the result or the problem, and never throws
 */
export function parsedBy<Result extends object>(read: (json: unknown) => Result | Problem): AxiosResponseTransformer {
  return function parse(this: InternalAxiosRequestConfig, text: unknown, _headers, status): unknown {
    if (status !== 200) return text;
    const json = parseJson(String(text));
    const result = json === undefined ? { problem: 'the body is not JSON' } : read(json);
    if (!('problem' in result)) return result;
    throw new AxiosError(result.problem, AxiosError.ERR_BAD_RESPONSE, this);
  };
}

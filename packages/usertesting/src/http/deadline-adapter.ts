import axios, { type AxiosAdapter, AxiosError } from 'axios';
import type { Connection } from './connection.ts';
import { DeadlineError, withDeadline } from './with-deadline.ts';

/**
 * An axios adapter whose every try ends within `limitMs` in total, so that retries each get a deadline of their own.
 * axios' own `timeout` begins anew with each byte once the headers are there. An answer that is not the server's is none.
 */
export function deadlineAdapter(limitMs: number, connection: Connection): AxiosAdapter {
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
      // A retry takes this config up again, and must not find the old deadline in it.
      if (signal === undefined) delete config.signal;
      else config.signal = signal;
    }
  };
}

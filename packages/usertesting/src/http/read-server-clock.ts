import type { ProxyAddress } from '@inventory/config';
import axios from 'axios';
import { openConnection } from './connection.ts';
import { deadlineAdapter } from './deadline-adapter.ts';
import { errorForAxios } from './error-for-axios.ts';
import { whereOf } from './where-of.ts';

export interface ServerClockOptions {
  readonly baseUrl: string;
  /** The proxy on the way; none unless given. */
  readonly proxy?: ProxyAddress | null;
  /** For the whole request, ms. */
  readonly timeoutMs: number;
}

/**
 * How far the API's clock is ahead of ours, ms (negative: behind); null when it does not say. Asks for the list of
 * workspaces without a token, which is not limited; any answer tells the time, to the second.
 * @throws TransientError when there is no answer.
 */
export async function readServerClock({
  baseUrl,
  proxy = null,
  timeoutMs,
}: ServerClockOptions): Promise<number | null> {
  const connection = openConnection({ proxy, connectMs: timeoutMs });
  const url = `${baseUrl.replace(/\/+$/, '')}/usertesting/api/v1/workspaces`;
  const sentAt = Date.now();
  try {
    const { headers } = await axios.get<string>(url, {
      ...connection.config,
      adapter: deadlineAdapter(timeoutMs, connection),
      maxContentLength: 1_000_000,
      responseType: 'text',
      validateStatus: () => true,
    });
    // The header is cut to whole seconds: on average it is half a second behind.
    const theirs = Date.parse(String(headers['date'])) + 500;
    return Number.isNaN(theirs) ? null : Math.round(theirs - (sentAt + Date.now()) / 2);
  } catch (failure) {
    throw errorForAxios(failure, whereOf(url), '');
  } finally {
    connection.close();
  }
}

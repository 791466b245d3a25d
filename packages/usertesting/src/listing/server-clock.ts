import type { ProxyAddress } from '@inventory/config';
import { errorForAxios } from '../http/failures.ts';
import { openHttpClient } from '../http/http-client.ts';
import { whereOf, workspacesUrl } from '../http/urls.ts';

export interface ServerClockOptions {
  readonly baseUrl: string;
  /** The proxy to use; none unless given. */
  readonly proxy?: ProxyAddress | null;
  /** For the whole request, ms. */
  readonly timeoutMs: number;
}

/**
 * How far the API's clock is ahead of ours, ms (negative: behind); null when its answer has no date. Asks for the list of
 * workspaces without a token, which is not limited; any answer tells the time, to the second.
 * @throws TransientError when there is no answer.
 */
export async function readServerClock(options: ServerClockOptions): Promise<number | null> {
  const { baseUrl, proxy = null, timeoutMs } = options;
  const { http, close } = openHttpClient({ proxy, tryMs: timeoutMs, maxBytes: 1_000_000 });
  const url = workspacesUrl(baseUrl);
  const sentAt = Date.now();
  try {
    const { headers } = await http.get<string>(url, { validateStatus: () => true });
    // The header is cut to whole seconds: on average it is half a second behind.
    const theirs = Date.parse(String(headers['date'])) + 500;
    return Number.isNaN(theirs) ? null : Math.round(theirs - (sentAt + Date.now()) / 2);
  } catch (failure) {
    throw errorForAxios(failure, whereOf(url), '');
  } finally {
    close();
  }
}

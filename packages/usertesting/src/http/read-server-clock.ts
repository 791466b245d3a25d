import axios from 'axios';
import { deadlineAdapter } from './deadline-adapter.ts';
import { errorForAxios } from './error-for-axios.ts';
import { whereOf } from './where-of.ts';

/**
 * How far the API's clock is ahead of ours, ms (negative: behind); null when it does not say. Asks for the list of
 * workspaces without a token, which is not limited; any answer tells the time, to the second.
 * @param timeoutMs for the whole request
 * @throws TransientError when there is no answer.
 */
export async function readServerClock(baseUrl: string, timeoutMs: number): Promise<number | null> {
  const url = `${baseUrl.replace(/\/+$/, '')}/usertesting/api/v1/workspaces`;
  const sentAt = Date.now();
  try {
    const { headers } = await axios.get<string>(url, {
      adapter: deadlineAdapter(timeoutMs),
      maxRedirects: 0,
      maxContentLength: 1_000_000,
      responseType: 'text',
      validateStatus: () => true,
    });
    // The header is cut to whole seconds: on average it is half a second behind.
    const theirs = Date.parse(String(headers['date'])) + 500;
    return Number.isNaN(theirs) ? null : Math.round(theirs - (sentAt + Date.now()) / 2);
  } catch (failure) {
    throw errorForAxios(failure, whereOf(url), '');
  }
}

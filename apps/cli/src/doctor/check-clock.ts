import type { LoadedSettings } from '@inventory/config';
import { readServerClock } from '@inventory/usertesting';
import { timeLeft } from '../progress/time-left.ts';
import type { Finding } from './finding.ts';

const check = 'Clock';
const unnoticed = 5_000;
/** Tokens are renewed five minutes ahead, which a larger difference undoes. */
const harmful = 300_000;

/** Compares our clock with the API's, by an unlimited request. */
export async function checkClock({ apiBaseUrl, apiProxy, requestTimeoutMs }: LoadedSettings): Promise<Finding> {
  try {
    return judgeClock(
      await readServerClock({ baseUrl: apiBaseUrl, proxy: apiProxy, timeoutMs: Math.min(requestTimeoutMs, 10_000) }),
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const suspects = apiProxy === null ? 'API_BASE_URL' : `API_BASE_URL, ${apiProxy.variable}`;
    return { level: 'FAIL', check: 'API', message: `${message} Check ${suspects} and the network.` };
  }
}

/** @param skewMs how far the API's clock is ahead of ours, ms; null when it does not say */
export function judgeClock(skewMs: number | null): Finding {
  if (skewMs === null) return { level: 'WARN', check, message: 'the API does not say what time it is' };
  const size = Math.abs(skewMs);
  if (size < unnoticed) return { level: 'PASS', check, message: 'agrees with that of the API' };
  const direction = skewMs > 0 ? 'behind' : 'ahead of';
  const message = `this machine is ${timeLeft(size)} ${direction} the API; set its clock (NTP), or expiry times are misread`;
  return { level: size < harmful ? 'WARN' : 'FAIL', check, message };
}

import type { LoadedSettings } from '@inventory/config';
import { messageOf } from '@inventory/logger';
import { exitCodeOf, tryCredentials } from '@inventory/runtime';
import { countOf, timeLeft } from '@inventory/status/words';
import { readServerClock } from '@inventory/usertesting';
import { type Finding, fail, pass, warn } from './doctor-report.ts';

/** Differences of clocks in ms: below the first is fine; above the second tokens are not renewed in time (5 min ahead). */
const unnoticed = 5_000;
const harmful = 300_000;

/** The proxies between this machine and the API and its tokens; no password. */
export function checkProxies({
  apiBaseUrl,
  apiProxy,
  tokenUrl,
  tokenProxy,
}: Pick<LoadedSettings, 'apiBaseUrl' | 'apiProxy' | 'tokenUrl' | 'tokenProxy'>): Finding[] {
  const routes = [
    [apiBaseUrl, apiProxy],
    [tokenUrl, tokenProxy],
  ] as const;
  return routes.flatMap(([url, proxy]) => {
    if (proxy === null) return [];
    const { hostname, port, variable, user } = proxy;
    const as = user === '' ? '' : ' with a user';
    return pass('Proxy', `${new URL(url).host} is reached through ${hostname}:${port}${as} (${variable})`);
  });
}

/** Which 404 answers count as the API's. */
export function checkNotFound({ notFoundBody }: Pick<LoadedSettings, 'notFoundBody'>): Finding {
  const check = '404 answers';
  if (notFoundBody === 'json') {
    return pass(check, "count when their body is a JSON object; others are not the API's (NOT_FOUND_BODY=json)");
  }
  return warn(
    check,
    'all count, even those of a proxy or firewall (NOT_FOUND_BODY=any): a single wrong one makes a test ClassicUT ' +
      'permanently; set it to json unless the API itself answers without JSON',
  );
}

/** Compares our clock with the API's, by a request that is not rate-limited. */
export async function checkClock({ apiBaseUrl, apiProxy, requestTimeoutMs }: LoadedSettings): Promise<Finding> {
  try {
    const timeoutMs = Math.min(requestTimeoutMs, 10_000);
    return clockFinding(await readServerClock({ baseUrl: apiBaseUrl, proxy: apiProxy, timeoutMs }));
  } catch (error) {
    const suspects = apiProxy === null ? 'API_BASE_URL' : `API_BASE_URL, ${apiProxy.variable}`;
    return fail('API', `${messageOf(error)} Check ${suspects}.`);
  }
}

/** @param skewMs how far the API's clock is ahead of ours, ms; null when it is not known */
export function clockFinding(skewMs: number | null): Finding {
  if (skewMs === null) return warn('Clock', 'the API does not send its time');
  const size = Math.abs(skewMs);
  if (size < unnoticed) return pass('Clock', "agrees with the API's");
  const direction = skewMs > 0 ? 'behind' : 'ahead of';
  const message = `this machine is ${timeLeft(size)} ${direction} the API; set its clock (NTP), or tokens expire too early or too late`;
  return (size < harmful ? warn : fail)('Clock', message);
}

/** Gets a token and lists the workspaces with it. */
export async function checkCredentials(settings: LoadedSettings): Promise<Finding> {
  try {
    const { length } = await tryCredentials(settings);
    if (length > 0) return pass('Credentials', `accepted; ${countOf(length, 'workspace')} can be listed`);
    return warn('Credentials', 'accepted, but they can list no workspace: check their permissions');
  } catch (error) {
    return fail('Credentials', messageOf(error), exitCodeOf(error));
  }
}

import type { LoadedSettings } from '@inventory/config';
import type { Finding } from './finding.ts';

type Way = Pick<LoadedSettings, 'apiBaseUrl' | 'apiProxy' | 'tokenUrl' | 'tokenProxy' | 'notFoundBody'>;

/** Which proxies stand on the way to the API and its tokens, and what a 404 must look like here to be the API's. */
export function judgeWay(way: Way): Finding[] {
  return [...proxies(way), notFound(way)];
}

function proxies({ apiBaseUrl, apiProxy, tokenUrl, tokenProxy }: Way): Finding[] {
  const ways = [
    [apiBaseUrl, apiProxy],
    [tokenUrl, tokenProxy],
  ] as const;
  return ways.flatMap(([url, proxy]) => {
    if (proxy === null) return [];
    const { hostname, port, variable, user } = proxy;
    const as = user === '' ? '' : ' with a user';
    const message = `${new URL(url).host} is asked through ${hostname}:${port}${as} (${variable})`;
    return [{ level: 'PASS', check: 'Proxy', message } as const];
  });
}

function notFound({ notFoundBody }: Way): Finding {
  const check = '404 answers';
  if (notFoundBody === 'json') {
    const message = "count when their body is a JSON object; others are not the API's (NOT_FOUND_BODY=json)";
    return { level: 'PASS', check, message };
  }
  const message =
    'every one counts, also of a proxy or firewall (NOT_FOUND_BODY=any): one in the wrong place makes a test ClassicUT for ' +
    'good; set it to json unless the API itself answers without JSON';
  return { level: 'WARN', check, message };
}

import type { Summary } from '../answers/summary.ts';
import { countOf } from '../words/count.ts';

/** The pace in a few words: `10 requests in the last minute, one per 6.05 s allowed`. */
export function paceText({ intervalMs, requestsLastMinute }: Summary['pace']): string {
  const lately = `${countOf(requestsLastMinute, 'request')} in the last minute`;
  return intervalMs === null || intervalMs === 0 ? lately : `${lately}, one per ${intervalMs / 1000} s allowed`;
}

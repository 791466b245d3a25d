import type { LoggedRequest } from '@inventory/sandbox';

/** What is used of a request as the server saw it. */
type Seen = Pick<LoggedRequest, 'at' | 'testUuid' | 'status'>;

/**
 * The pace (times in ms) of a run while two or more tests were open: with one test left, its next request has to wait for
 * its last answer.
 * @param seen in the order of arrival
 */
export function paceOf(seen: readonly Seen[], intervalMs: number) {
  const lastOf = new Map<string, number>();
  for (const { testUuid, at } of seen) if (testUuid !== null) lastOf.set(testUuid, at);
  const ends = [...lastOf.values()].sort((a, b) => b - a);
  const until = ends[1] ?? Number.POSITIVE_INFINITY;
  const times = seen.map(({ at }) => at).filter((at) => at <= until);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  const sorted = [...gaps].sort((a, b) => a - b);
  const length = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return {
    requests: seen.length,
    /** Share of one request per interval that was used, 1 = all of it. */
    utilisation: length === 0 ? 0 : (gaps.length * intervalMs) / length,
    leastMs: sorted[0] ?? 0,
    p99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0,
    throttled: seen.filter(({ status }) => status === 429).length,
  };
}

/** A window a little shorter than ten intervals, as the real API's minute is of ten times 6.05 s. */
export function limitFor(intervalMs: number) {
  return { limit: 10, 'window-ms': 9.75 * intervalMs };
}

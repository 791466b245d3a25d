import { type LoggedRequest, resultsSpacings } from '@inventory/sandbox';
import type { Checklist } from './checklist.ts';
import type { System } from './system.ts';

/** What the clocks of two containers on one machine may differ by, in ms. */
const clockMs = 5;
/** How much earlier than a whole interval the pace grants a request at most, in ms. */
const toleranceMs = 7;

/** When requests were granted, by the notes that the workers share in Redis; epoch ms, in order. */
export async function readGrants({ containers, exec }: System): Promise<number[]> {
  const [redis = ''] = await containers('redis');
  const { stdout } = await exec(redis, "redis-cli lrange '{demo}:starts' 0 -1");
  return stdout
    .split('\n')
    .map((micros) => Number(micros) / 1000)
    .reverse();
}

/**
 * Whether no request arrived too early: grants are an interval apart, and each request had one of its own before it
 * arrived. Spacings on arrival say less: a request that was long on its way comes close to the next one.
 */
export function checkPace(
  requests: readonly LoggedRequest[],
  { intervalMs, grants }: { readonly intervalMs: number; readonly grants: readonly number[] },
  list: Checklist,
): void {
  const seconds = ((requests.at(-1)?.at ?? 0) - (requests[0]?.at ?? 0)) / 1000;
  const least = Math.round(Math.min(...resultsSpacings(requests)));
  list.note(`${requests.length} requests in ${Math.round(seconds)} s, on arrival at least ${least} ms apart`);
  const close = grants.slice(1).filter((at, index) => at - (grants[index] ?? 0) < intervalMs - toleranceMs);
  list.expect(
    `no request was granted less than ${intervalMs - toleranceMs} ms after another`,
    close.length === 0,
    close,
  );
  const early = requests.filter(
    ({ at }, before) => grants.filter((granted) => granted <= at + clockMs).length <= before,
  );
  list.expect('no request arrived before its own grant', early.length === 0, early);
  const refused = requests.filter(({ status }) => status === 429);
  list.expect('the simulated account had to refuse none (429)', refused.length === 0, `${refused.length} refused`);
}

import { type LoggedRequest, resultsSpacings } from '@inventory/sandbox';
import type { Checklist } from './checklist.ts';

/** What two requests on the same machine may be closer on arrival than when they left, in ms. */
const jitterMs = 25;

/** Time without a connection, epoch ms: what was sent in it arrives when it is over. */
export interface Cut {
  readonly from: number;
  readonly until: number;
}

/** Whether no request arrived less than an interval after the one before, except across a cut connection. */
export function checkPace(
  requests: readonly LoggedRequest[],
  { intervalMs, cuts }: { readonly intervalMs: number; readonly cuts: readonly Cut[] },
  list: Checklist,
): void {
  const inCut = (at: number): boolean => cuts.some(({ from, until }) => at >= from && at <= until);
  const spacings = resultsSpacings(requests);
  const early = requests.slice(1).flatMap(({ at, number }, index) => {
    const spacing = spacings[index] ?? 0;
    return spacing >= intervalMs - jitterMs || inCut(at) ? [] : [{ number, spacing: Math.round(spacing * 10) / 10 }];
  });
  const seconds = ((requests.at(-1)?.at ?? 0) - (requests[0]?.at ?? 0)) / 1000;
  list.note(
    `${requests.length} requests in ${Math.round(seconds)} s, least ${Math.round(Math.min(...spacings))} ms apart`,
  );
  list.expect(`no request arrived less than ${intervalMs - jitterMs} ms after another`, early.length === 0, early);
  const refused = requests.filter(({ status }) => status === 429);
  list.expect('the simulated account had to refuse none (429)', refused.length === 0, `${refused.length} refused`);
}

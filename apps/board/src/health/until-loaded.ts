import { setTimeout as sleep } from 'node:timers/promises';
import type { MiddlewareHandler } from 'hono';
import { problem } from '../api/problem.ts';
import type { IndexKeeper } from '../inventory/index-keeper.ts';

const patience = 5_000;

/** Has requests wait until all tests have been read for the first time, for five seconds at most. */
export function untilLoaded(keeper: IndexKeeper): MiddlewareHandler {
  return async (context, next) => {
    const waited = new AbortController();
    const late = sleep(patience, false, { signal: waited.signal }).catch(() => false);
    const loaded = await Promise.race([keeper.loaded.then(() => true), late]);
    waited.abort();
    return loaded ? next() : problem(context, 503, 'The tests are being read for the first time; ask again shortly.');
  };
}

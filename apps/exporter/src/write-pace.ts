/** When the last write began and how long it took, in ms of a clock that only goes forward. */
export interface LastWrite {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** Time after which a write that failed is tried again, however long the interval is, in ms. */
const retryAfterMs = 1000;

/** Milliseconds until the next write may begin: writes take at most a quarter of the time. */
export function msUntilNextWrite(last: LastWrite | null, intervalMs: number, now: number): number {
  if (last === null) return 0;
  const leastMs = last.failed ? Math.min(intervalMs, retryAfterMs) : intervalMs;
  return Math.max(0, last.startedAt + Math.max(leastMs, 4 * last.durationMs) - now);
}

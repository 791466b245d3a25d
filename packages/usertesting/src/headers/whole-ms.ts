const hour = 3_600_000;

/** A pause as the queue takes it: whole ms, rounded up, from 0 to one hour; null for NaN. */
export function wholeMs(ms: number): number | null {
  return Number.isNaN(ms) ? null : Math.ceil(Math.min(Math.max(ms, 0), hour));
}

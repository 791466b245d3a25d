const window = 300_000;

/**
 * How much of the allowed rate was used in the last five minutes, 0 to 1; null where there is no limit. Where the
 * list of starts does not reach back that far because it was cut, only the time it tells of counts.
 * @param starts when the last requests started, newest first, ms
 * @param intervalMs least time between two starts
 * @param now on the same clock, ms
 * @param longest how many starts are kept at most
 */
export function utilisation(starts: readonly number[], intervalMs: number, now: number, longest = 1000): number | null {
  if (intervalMs <= 0) return null;
  const oldest = starts.length < longest ? 0 : (starts.at(-1) ?? 0);
  const from = Math.max(now - window, oldest);
  const recent = starts.filter((at) => at > from).length;
  return Math.min(1, (recent * intervalMs) / Math.max(now - from, intervalMs));
}

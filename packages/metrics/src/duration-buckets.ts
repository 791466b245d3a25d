/** Upper bounds of the classes of durations, seconds: from a quick answer to the longest time-out. */
export const durationBuckets: readonly number[] = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The class that a duration belongs to: its upper bound, or `+Inf`. @param seconds not negative */
export function bucketOf(seconds: number): string {
  const bound = durationBuckets.find((upper) => seconds <= upper);
  return bound === undefined ? '+Inf' : String(bound);
}

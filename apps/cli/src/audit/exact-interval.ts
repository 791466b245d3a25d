/** A range of shares, from 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const steps = 60;

/**
 * The exact (Clopper-Pearson) confidence interval of a share, of which a sample had `hits` of `trials`. It covers
 * the true share at least as often as `confidence` says, however small the sample.
 * @param confidence for example 0.95
 */
export function exactInterval(hits: number, trials: number, confidence = 0.95): Interval {
  const tail = (1 - confidence) / 2;
  const low = hits === 0 ? 0 : bisect((share) => 1 - atMost(hits - 1, trials, share) < tail);
  const high = hits === trials ? 1 : bisect((share) => atMost(hits, trials, share) > tail);
  return { low, high };
}

/** The largest share for which something holds. */
function bisect(holds: (share: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < steps; step += 1) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability of at most `hits` in `trials`, each with the same chance. In logarithms, as powers would underflow. */
function atMost(hits: number, trials: number, chance: number): number {
  let logWays = 0;
  let sum = 0;
  for (let count = 0; count <= hits; count += 1) {
    if (count > 0) logWays += Math.log((trials - count + 1) / count);
    sum += Math.exp(logWays + count * Math.log(chance) + (trials - count) * Math.log1p(-chance));
  }
  return Math.min(sum, 1);
}

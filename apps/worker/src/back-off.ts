const first = 1_000;
const longest = 60_000;

/**
 * How long to wait before a step is tried again: a second, doubling up to a minute, of which a random half
 * is taken off so that tests which failed together don't come back together.
 * @param tries how often the step has failed, from 1
 * @param random a number from 0 to 1
 * @returns whole milliseconds
 */
export function backOff(tries: number, random: number): number {
  const whole = Math.min(first * 2 ** (tries - 1), longest);
  return Math.round(whole * (1 - random / 2));
}

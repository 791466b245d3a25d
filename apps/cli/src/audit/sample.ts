import { createHash } from 'node:crypto';
import type { Checkpoints, InventoryTest } from '@inventory/checkpoints';
import type { Verdict } from '@inventory/classification';

export interface DeclaredTest extends Pick<InventoryTest, 'uuid' | 'listing'> {
  readonly verdict: Verdict;
}

export interface DeclaredSample {
  readonly tests: readonly DeclaredTest[];
  /** How many tests the listing declared, of which these are a sample. */
  readonly population: number;
}

/**
 * A random sample of the tests that their listing declares, each as likely as any other. The same seed takes the same
 * tests as long as the library stays the same, and mostly the same ones when it has changed.
 * @param size how many at most
 */
export async function sampleDeclared(
  { inventory }: Pick<Checkpoints, 'inventory'>,
  size: number,
  seed: number,
): Promise<DeclaredSample> {
  let drawn: { readonly lot: string; readonly test: DeclaredTest }[] = [];
  let population = 0;
  for await (const page of inventory.pages()) {
    const declared = page.filter(isDeclared);
    population += declared.length;
    drawn.push(...declared.map((test) => ({ lot: lotOf(test.uuid, seed), test })));
    drawn = drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1)).slice(0, size);
  }
  const tests = drawn.map(({ test }) => test).sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  return { tests, population };
}

function isDeclared(test: InventoryTest): test is InventoryTest & DeclaredTest {
  return test.verdict?.source === 'declared';
}

/** The lowest lots are drawn. */
function lotOf(uuid: string, seed: number): string {
  return createHash('sha256').update(`${seed} ${uuid}`).digest('hex');
}

/** A range of shares, from 0 to 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const steps = 60;
/** What 95 % leave on either side. */
const tail = 0.025;

/**
 * The exact (Clopper-Pearson) confidence interval of a share, of which a sample had `hits` of `trials`. It covers
 * the true share with a probability of at least 95 %, however small the sample.
 */
export function exactInterval(hits: number, trials: number): Interval {
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

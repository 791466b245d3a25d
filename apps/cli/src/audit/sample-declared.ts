import { createHash } from 'node:crypto';
import type { Checkpoints, InventoryTest } from '@inventory/checkpoints';
import type { Verdict } from '@inventory/classification';

/** A test whose verdict is declared. */
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

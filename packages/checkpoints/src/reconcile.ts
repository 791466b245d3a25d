import type { Keyspace } from '@inventory/redis';
import { z } from 'zod';
import { keysOf } from './keys.ts';
import { Script } from './script.ts';

const script = new Script('reconcile');

const reconciled = z.object({
  /** Runs whose count of open tests was not that of the tests that wait for them. */
  runs: z.number(),
  /** Whether the totals, or the order of the tests, were not those of the tests. */
  totals: z.boolean(),
  /** Verdicts that were counted but are no longer stored. */
  lostVerdicts: z.number(),
  /** Tests of which no listing is known any more. */
  unlisted: z.number(),
  /** Tests without an outcome that their run waits for again. */
  reopened: z.number(),
  /**
   * Tests of the run that have no outcome and were not opened again: the next start classifies them by their listing.
   */
  undecided: z.number(),
});
export type Reconciled = z.output<typeof reconciled>;

/**
 * When the checkpoints are reconciled. What costs time for each test is checked only where something does not add up.
 */
export type ReconcileOptions = (
  | {
      /**
       * `start`: before a listing; tests whose listing was lost leave the order of the tests, so that this one finds
       * them. `beat`: on each heartbeat. `doctor`: checks everything and changes nothing.
       */
      readonly when: 'start' | 'beat' | 'doctor';
    }
  /** At the end of a run: it waits again for the listed tests that have no outcome. */
  | { readonly when: 'end'; readonly run: string }
) & {
  /** Says which tests the listing classifies: lost tests of that kind are not probed. */
  readonly classifyBy: 'auto' | 'probe' | 'metadata';
};

/**
 * Makes what is stored twice in the checkpoints consistent (`lua/reconcile.lua`), in one act; a second call changes
 * nothing.
 * @returns what was inconsistent
 */
export async function reconcile(keyspace: Keyspace, options: ReconcileOptions): Promise<Reconciled> {
  const upper = options.when === 'start' ? await inUpperCase(keyspace) : [];
  return reconciled.parse(JSON.parse(String(await script.run(keyspace, 'reconcile', { ...options, upper }))));
}

/** Ids with letters in upper case, as older versions stored them. Read in portions: Redis serves others in between. */
async function inUpperCase({ client, prefix }: Keyspace): Promise<string[]> {
  const found: string[] = [];
  for (let after = '-'; ; ) {
    const uuids = await client.zrange(keysOf(prefix).catalogue, after, '+', 'BYLEX', 'LIMIT', 0, 1000);
    const last = uuids.at(-1);
    if (last === undefined) return found;
    found.push(...uuids.filter((uuid) => /[A-Z]/.test(uuid)));
    after = `(${last}`;
  }
}

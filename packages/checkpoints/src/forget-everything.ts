import type { CheckpointPlace } from './checkpoint-place.ts';
import { type Forgotten, forgetTests } from './forget-tests.ts';
import { Inventory } from './inventory.ts';
import { keysOf } from './keys.ts';

/**
 * Forgets every test ({@link forgetTests}), every error and where interrupted listings were. What stays: that the
 * prefix is in use, the names of the workspaces, and the runs, which wait for nothing any more.
 */
export async function forgetEverything(place: CheckpointPlace): Promise<Forgotten[]> {
  const { client, prefix } = place;
  const keys = keysOf(prefix);
  const forgotten: Forgotten[] = [];
  for await (const page of new Inventory(client, prefix).pages()) {
    const tests = page.map(({ uuid }) => uuid);
    forgotten.push(...(await forgetTests(place, tests)));
  }
  const hashes = [keys.errors, keys.verdicts, keys.evidence, keys.open, keys.retries];
  const strays = new Set((await Promise.all(hashes.map((hash) => client.hkeys(hash)))).flat());
  forgotten.push(...(await forgetTests(place, [...strays])));
  await Promise.all([
    client.del(keys.cursors, keys.question, keys.reasked, keys.hold),
    client.xtrim(keys.decided, 'MAXLEN', 0),
    client.xtrim(keys.failed, 'MAXLEN', 0),
  ]);
  return forgotten;
}

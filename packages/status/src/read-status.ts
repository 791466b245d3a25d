import type { Runtime } from '@inventory/runtime';
import { errorFacts } from './error-facts.ts';
import { readStanding } from './read-standing.ts';
import type { StatusFacts } from './status-facts.ts';

/** Reads what `status` shows; writes nothing and needs no credentials. */
export async function readStatus(runtime: Runtime): Promise<StatusFacts> {
  const standing = await readStanding(runtime);
  let errors = errorFacts([]);
  for await (const portion of runtime.checkpoints.inventory.scanErrors()) errors = errorFacts(portion, errors);
  return { ...standing, ...errors };
}

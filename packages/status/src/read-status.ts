import type { Home } from '@inventory/process';
import { errorFacts } from './error-facts.ts';
import { readStanding } from './read-standing.ts';
import type { StatusFacts } from './status-facts.ts';

/** Reads what `status` shows; writes nothing and needs no credentials. */
export async function readStatus(home: Home): Promise<StatusFacts> {
  const [standing, errors] = await Promise.all([readStanding(home), home.checkpoints.inventory.errors()]);
  return { ...standing, ...errorFacts(errors) };
}

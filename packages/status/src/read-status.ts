import { scanErrors } from '@inventory/checkpoints';
import type { Home } from '@inventory/process';
import { errorFacts } from './error-facts.ts';
import { readStanding } from './read-standing.ts';
import type { StatusFacts } from './status-facts.ts';

/** Reads what `status` shows; writes nothing and needs no credentials. */
export async function readStatus(home: Home): Promise<StatusFacts> {
  const standing = await readStanding(home);
  let errors = errorFacts([]);
  for await (const portion of scanErrors(home.checkpoints)) errors = errorFacts(portion, errors);
  return { ...standing, ...errors };
}

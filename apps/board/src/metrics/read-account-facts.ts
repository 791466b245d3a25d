import { readWorkTotals } from '@inventory/metrics';
import type { TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { readStanding } from '@inventory/status';
import { readTokensObtained } from '@inventory/usertesting';
import type { AccountFacts } from './account-facts.ts';

/** Where an account's facts are. */
export interface FactsPlace {
  readonly runtime: Runtime;
  readonly queue: Pick<TestQueue, 'counts'>;
  /** The errors that stand now, from somewhere that need not read all of them each time. */
  readonly errors: () => Promise<Iterable<{ readonly type: string }>>;
}

/** Reads all facts of an account; writes nothing, and waits for Redis as long as its connection does. */
export async function readAccountFacts({ runtime, queue, errors }: FactsPlace): Promise<AccountFacts> {
  const { client, checkpoints, settings } = runtime;
  const { queuePrefix: prefix, clientId, tokenUrl, tokenScope: scope } = settings;
  const [standing, found, jobs, work, workspaces, tokensObtained] = await Promise.all([
    readStanding(runtime),
    errors(),
    queue.counts(),
    readWorkTotals(client, prefix),
    checkpoints.listing.workspaces(),
    readTokensObtained(client, prefix, { clientId, tokenUrl, scope }),
  ]);
  const errorsByType: Record<string, number> = {};
  for (const { type } of found) errorsByType[type] = (errorsByType[type] ?? 0) + 1;
  return { standing, errorsByType, jobs, work, workspaces: [...workspaces.values()], tokensObtained };
}

import type { WorkspaceRecord } from '@inventory/checkpoints';
import { readWorkTotals, type WorkTotals } from '@inventory/metrics';
import type { JobCounts, TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { readShortStatus, type ShortStatus } from '@inventory/status';
import { readTokenFacts } from '@inventory/usertesting';

/** All that the metrics of an account are made from. */
export interface AccountFacts {
  readonly status: ShortStatus;
  /** How many tests and workspaces have an error now, by its type. */
  readonly errorsByType: Readonly<Record<string, number>>;
  readonly jobs: JobCounts;
  readonly work: WorkTotals;
  readonly workspaces: readonly WorkspaceRecord[];
  readonly tokensObtained: number;
}

/** Where an account's facts are. */
export interface FactsPlace {
  readonly runtime: Runtime;
  readonly queue: Pick<TestQueue, 'counts'>;
  /** The errors of now, from a source that need not read all of them each time. */
  readonly errors: () => Promise<Iterable<{ readonly type: string }>>;
}

/** Reads all facts of an account; writes nothing, and waits for Redis as long as its connection does. */
export async function readAccountFacts({ runtime, queue, errors }: FactsPlace): Promise<AccountFacts> {
  const { keyspace, checkpoints, settings } = runtime;
  const { clientId, tokenUrl, tokenScope: scope } = settings;
  const [status, found, jobs, work, workspaces, token] = await Promise.all([
    readShortStatus(runtime),
    errors(),
    queue.counts(),
    readWorkTotals(keyspace),
    checkpoints.listing.workspaces(),
    readTokenFacts(keyspace, { clientId, tokenUrl, scope }),
  ]);
  const errorsByType: Record<string, number> = {};
  for (const { type } of found) errorsByType[type] = (errorsByType[type] ?? 0) + 1;
  return {
    status,
    errorsByType,
    jobs,
    work,
    workspaces: [...workspaces.values()],
    tokensObtained: token.obtained,
  };
}

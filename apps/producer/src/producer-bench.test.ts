import type { StartedRun } from '@inventory/checkpoints';
import { requestStatistics, type SandboxOptions } from '@inventory/sandbox';
import { createListingClient } from '@inventory/usertesting';
import { allErrors } from '../../../test/support/checkpoints.ts';
import { openTestAccount, type TestAccount } from '../../../test/support/open-test-account.ts';
import { beginRun, type ProduceOptions, produce } from './produce.ts';
import { type SelectedWorkspace, selectAll, selectByWords } from './workspaces.ts';

interface Changes {
  readonly signal?: AbortSignal;
  readonly onPage?: (name: string) => void;
  /** Numbers of the workspaces to take, from 0; all without it. */
  readonly only?: readonly number[];
  /** Called before a page is enqueued. */
  readonly beforeEnqueue?: () => Promise<void>;
}

/** An account of its own whose library is listed and enqueued. */
export interface ProducerBench extends TestAccount {
  /** Produces as the command does, with short pauses between tries. */
  producing(changes?: Changes): Promise<{ readonly run: StartedRun; readonly failed: readonly SelectedWorkspace[] }>;
  totals(): ReturnType<TestAccount['runtime']['checkpoints']['inventory']['totals']>;
  errors(): ReturnType<typeof allErrors>;
  /** How many jobs wait in the queue. */
  waiting(): Promise<number>;
  /** The cursors that listings were asked for, in order; null for a first page. */
  afters(): (string | null)[];
  /** How often a workspace was listed. */
  listings(workspaceUuid: string): number;
  /** UUID of a workspace by its number, from 0. */
  workspace(index: number): string;
  /** Requests to the Results API. */
  probes(): number;
}

export async function producerBench(
  sandboxOptions: SandboxOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<ProducerBench> {
  const opened = await openTestAccount({ sandbox: sandboxOptions, env });
  const { runtime, account, sandbox } = opened;
  const { inventory } = runtime.checkpoints;
  const patience = { requestTimeoutMs: 2000, retries: 1, firstDelayMs: 10 };
  const options = { baseUrl: sandbox.url, tokens: account.tokens, logger: runtime.logger, ...patience };
  const listing = createListingClient(options);
  const pages = () => sandbox.requests().filter(({ endpoint }) => endpoint === 'listing');
  return {
    ...opened,
    async producing({ signal = new AbortController().signal, onPage, only, beforeEnqueue } = {}) {
      const workspaces = await listing.workspaces();
      const chosen = (only ?? []).map((index) => workspaces[index]?.uuid ?? '');
      const selection = only ? selectByWords(workspaces, chosen) : selectAll(workspaces);
      const queue: ProduceOptions['queue'] = {
        async enqueue(tests) {
          await beforeEnqueue?.();
          await account.queue.enqueue(tests);
        },
      };
      const run = await beginRun({ runtime, queue, workspaces, selection });
      const each = ({ name }: SelectedWorkspace) => onPage?.(name);
      const failed = await produce({ runtime, queue, listing, run, selection, signal, onPage: each });
      return { run, failed };
    },
    totals: () => inventory.totals(),
    errors: () => allErrors({ inventory }),
    waiting: async () => (await account.queue.counts()).waiting,
    afters: () => pages().map(({ path }) => new URL(path, 'http://sandbox').searchParams.get('after')),
    listings: (uuid) => pages().filter(({ workspaceUuid }) => workspaceUuid === uuid).length,
    workspace: (index) => sandbox.library.workspaces()[index]?.uuid ?? '',
    probes: () => requestStatistics(sandbox.requests()).results.count,
  };
}

import { reconcile, type StartedRun } from '@inventory/checkpoints';
import type { Runtime } from '@inventory/runtime';
import type { ListingClient, Workspace } from '@inventory/usertesting';
import { type DiscoverOptions, discoverWorkspace } from './discover.ts';
import type { ChosenWorkspace, Selection } from './select-workspaces.ts';

export interface ProduceOptions {
  readonly runtime: Runtime;
  readonly queue: DiscoverOptions['queue'];
  readonly listing: ListingClient;
  readonly signal: AbortSignal;
  /** All workspaces of the account, in the order of the list. */
  readonly workspaces: readonly Workspace[];
  readonly selection: Selection;
  /** Called when the run is known, before its first page. */
  readonly onRun: (run: StartedRun) => void;
  readonly onPage: DiscoverOptions['onPage'];
}

/** What became of a listing. */
export interface Produced {
  readonly run: StartedRun;
  /** Workspaces that could not be listed; each has its record in the errors. */
  readonly failed: readonly ChosenWorkspace[];
}

/** How many workspaces are listed side by side. */
const sideBySide = 4;

/**
 * Discovers the tests of the selected workspaces and enqueues those that need an outcome, as a new run or as
 * the continuation of an interrupted one. Workspaces side by side, the pages of each in order.
 * @throws what concerns more than one workspace, when the other listings have stopped too
 */
export async function produce(options: ProduceOptions): Promise<Produced> {
  const { runtime, queue, listing, signal, selection, onPage } = options;
  const { checkpoints, settings, secrets } = runtime;
  await checkpoints.listing.saveWorkspaces(options.workspaces);
  await reconcile(checkpoints, { when: 'start', classifyBy: settings.classifyBy });
  const run = await checkpoints.runs.start(selection.key);
  options.onRun(run);
  if (!run.resumed && settings.classifyBy !== 'metadata') {
    const again = await checkpoints.controls.takeUnconfirmed(run.id);
    if (again.length > 0) await queue.enqueue(again.map((uuid) => ({ uuid, why: 'recheck' })));
  }
  const failed: ChosenWorkspace[] = [];
  const left = [...selection.workspaces];
  const broken = new AbortController();
  const stop = AbortSignal.any([signal, broken.signal]);
  const { classifyBy } = settings;
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !stop.aborted; next = left.shift()) {
      const discovery = { checkpoints, queue, listing, run, secrets, classifyBy, signal: stop, onPage };
      if (!(await discoverWorkspace(discovery, next))) failed.push(next);
    }
  };
  const lanes = Array.from({ length: sideBySide }, () =>
    lane().catch((error: unknown) => {
      broken.abort(error);
    }),
  );
  await Promise.all(lanes);
  if (broken.signal.aborted && !signal.aborted) throw broken.signal.reason;
  if (!signal.aborted) await checkpoints.runs.markListed(run.id);
  return { run, failed };
}

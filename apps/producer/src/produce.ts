import type { Failure, PageTest, StartedRun } from '@inventory/checkpoints';
import { declaredCategory } from '@inventory/classification';
import type { SecretRegistry } from '@inventory/logger';
import type { TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { countOf, numberText } from '@inventory/status/words';
import {
  type ApiError,
  forEachWorkspace,
  type ListedTest,
  type ListingClient,
  listPages,
  type Workspace,
} from '@inventory/usertesting';
import type { SelectedWorkspace, Selection } from './workspaces.ts';

export interface BeginRunOptions {
  readonly runtime: Runtime;
  readonly queue: Pick<TestQueue, 'enqueue'>;
  /** All workspaces of the account, in the order of the list. */
  readonly workspaces: readonly Workspace[];
  readonly selection: Selection;
}

/** Starts a run of the selected workspaces, or resumes an interrupted one. Their listing is for {@link produce}. */
export async function beginRun({ runtime, queue, workspaces, selection }: BeginRunOptions): Promise<StartedRun> {
  const { checkpoints, settings } = runtime;
  await checkpoints.listing.saveWorkspaces(workspaces);
  await checkpoints.reconcile({ when: 'start', classifyBy: settings.classifyBy });
  const run = await checkpoints.runs.start(selection.key);
  if (!run.resumed && settings.classifyBy !== 'metadata') {
    const again = await checkpoints.known.openUnconfirmed(run.id);
    if (again.length > 0) await queue.enqueue(again.map((uuid) => ({ uuid, why: 'doubted' })));
  }
  return run;
}

export interface ProduceOptions {
  readonly runtime: Runtime;
  readonly queue: Pick<TestQueue, 'enqueue'>;
  readonly listing: ListingClient;
  readonly signal: AbortSignal;
  readonly run: StartedRun;
  readonly selection: Selection;
  /** Called after each page. */
  readonly onPage?: (workspace: SelectedWorkspace, page: Listed) => void;
  /** Called with a line about each workspace that is listed to its end; it may hold text from outside. */
  readonly onListed?: (line: string) => void;
}

/** How many tests were listed, of how many of them the listing declares the type, and how many were enqueued. */
type Listed = Readonly<Record<'tests' | 'declared' | 'enqueued', number>>;

/** Cursors are positions in a list that changes: an older one is not used again. */
const cursorLifeMs = 3_600_000;

/**
 * Lists the tests of a run's workspaces and enqueues those that need an outcome.
 * @returns the workspaces that could not be listed; each has its record in the errors
 * @throws what ends every listing, see {@link forEachWorkspace}
 */
export async function produce(options: ProduceOptions): Promise<readonly SelectedWorkspace[]> {
  const { runtime, run, signal, selection } = options;
  const { checkpoints, secrets } = runtime;
  const failed: SelectedWorkspace[] = [];
  await forEachWorkspace({
    workspaces: selection.workspaces,
    signal,
    list: (workspace, stop) => discover({ ...options, signal: stop }, workspace),
    failed: async (workspace, error) => {
      await checkpoints.listing.failWorkspace(workspace.uuid, failureOf(error, secrets), run.id);
      failed.push(workspace);
    },
  });
  if (signal.aborted) return failed;
  await checkpoints.listing.noteUnlisted(run.id);
  await checkpoints.runs.markListed(run.id);
  return failed;
}

/**
 * Lists one workspace to its end. Each page is saved, then enqueued, then its cursor is saved, so that nothing is lost
 * whenever the process dies; an interrupted listing of the same run continues from its cursor. Of a page whose tests all
 * have a type nothing is enqueued: its cursor is saved with it, and the next page is saved right behind it.
 */
async function discover(
  { runtime, queue, listing, signal, run, onPage, onListed }: ProduceOptions,
  workspace: SelectedWorkspace,
): Promise<void> {
  const { classifyBy } = runtime.settings;
  const checkpoint = runtime.checkpoints.listing;
  const { uuid, position } = workspace;
  const from = await checkpoint.cursor(uuid, run.id, cursorLifeMs);
  const place = { run: run.id, joinedAt: run.joinedAt, workspace: uuid, position, probe: classifyBy !== 'metadata' };
  const all = { tests: 0, declared: 0, enqueued: 0 };
  let cursor = from;
  const take = async (tests: readonly PageTest[], next: string | null): Promise<void> => {
    const saving = checkpoint.savePage({ ...place, tests, from: cursor, next });
    cursor = next;
    const selected = await saving;
    await queue.enqueue(selected);
    const declared = tests.filter((test) => test.declared !== null).length;
    const page = { tests: tests.length, declared, enqueued: selected.length };
    for (const name of ['tests', 'declared', 'enqueued'] as const) all[name] += page[name];
    onPage?.(workspace, page);
    if (next !== null && selected.length > 0) await checkpoint.saveCursor(uuid, run.id, next);
  };
  let taking: Promise<unknown> = Promise.resolve();
  try {
    for await (const { tests: listed, next } of listPages(listing, { workspaceUuid: uuid, from, signal })) {
      const tests = listed.map((test) => pageTest(test, classifyBy));
      const earlier = taking;
      taking = Promise.all([earlier, take(tests, next)]);
      // It may fail while the next page is on its way.
      taking.catch(() => undefined);
      await (tests.every(({ declared }) => declared !== null) ? earlier : taking);
    }
  } finally {
    await taking;
  }
  if (signal.aborted) return;
  await checkpoint.finishWorkspace(uuid, run.id);
  const typed = all.declared === 0 ? '' : `, ${numberText(all.declared)} with their type`;
  const what = countOf(all.tests, from === null ? 'test' : 'more test');
  onListed?.(`${workspace.name}: ${what} listed${typed}, ${numberText(all.enqueued)} to probe`);
}

function pageTest(
  { uuid, title, orderedAt, type, productType }: ListedTest,
  classifyBy: Runtime['settings']['classifyBy'],
): PageTest {
  const declared = classifyBy === 'probe' ? null : declaredCategory({ type, productType });
  return { uuid, listing: { title, orderedAt, type, productType }, declared };
}

function failureOf({ status, message, body, attempts }: ApiError, secrets: SecretRegistry): Failure {
  return {
    status,
    status_code: status,
    type: 'workspace_detail_http_error',
    error: secrets.clean(message),
    body: secrets.cleanValue(body),
    attempts,
  };
}

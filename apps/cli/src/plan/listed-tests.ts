import { testKey } from '@inventory/checkpoints';
import { declaredCategory } from '@inventory/classification';
import type { Selection } from '@inventory/producer';
import type { Runtime } from '@inventory/runtime';
import { StateDir } from '@inventory/state-files';
import { forEachWorkspace, type ListingClient, listPages } from '@inventory/usertesting';
import type { ListedKnown } from './plan-tests.ts';

export interface ListedWorkspace {
  readonly workspaceUuid: string;
  readonly workspaceName: string;
  readonly tests: number;
  /** Why it could not be listed to its end; null when it could. */
  readonly error: string | null;
}

/** All tests of the chosen workspaces: by UUID, whether the listing declares the type. */
export interface ListedTests {
  readonly workspaces: readonly ListedWorkspace[];
  readonly tests: ReadonlyMap<string, boolean>;
}

export interface ListTestsOptions {
  readonly listing: ListingClient;
  readonly selection: Selection;
  readonly signal: AbortSignal;
  /** Called after each page with the number of tests so far. */
  readonly onPage: (tests: number) => void;
}

/**
 * Lists workspaces and stores nothing. An error of one workspace is kept with it, and the others are listed.
 * @throws what ends every listing, see {@link forEachWorkspace}
 */
export async function listTests({ listing, selection, signal, onPage }: ListTestsOptions): Promise<ListedTests> {
  const tests = new Map<string, boolean>();
  const byWorkspace = new Map<string, Set<string>>();
  const errors = new Map<string, string>();
  await forEachWorkspace({
    workspaces: selection.workspaces,
    signal,
    async list({ uuid: workspaceUuid }, stop) {
      const own = new Set<string>();
      byWorkspace.set(workspaceUuid, own);
      for await (const page of listPages(listing, { workspaceUuid, from: null, signal: stop })) {
        for (const { uuid: spelling, type, productType } of page.tests) {
          const uuid = testKey(spelling);
          own.add(uuid);
          tests.set(uuid, declaredCategory({ type, productType }) !== null);
        }
        onPage(tests.size);
      }
    },
    failed: ({ uuid }, { message }) => void errors.set(uuid, message),
  });
  const workspaces = selection.workspaces.map(({ uuid, name }) => ({
    workspaceUuid: uuid,
    workspaceName: name,
    tests: byWorkspace.get(uuid)?.size ?? 0,
    error: errors.get(uuid) ?? null,
  }));
  return { tests, workspaces };
}

const batch = 500;

/**
 * What is known about listed tests, in portions: from the checkpoints, or, if there are none, from the state files that
 * the next start would import.
 * @param tests by UUID, whether the listing declares the type
 * @throws StateDirError when the files belong to another prefix or cannot be read
 */
export async function* readKnown(
  { checkpoints, settings }: Runtime,
  tests: ReadonlyMap<string, boolean>,
): AsyncGenerator<readonly ListedKnown[]> {
  if (!(await checkpoints.import.isInUse())) {
    yield* fromStateFiles(new StateDir(settings), tests);
    return;
  }
  for (const portion of portions(tests)) {
    const records = await checkpoints.inventory.records(portion.map(([uuid]) => uuid));
    yield records.map((record, index) => ({
      declared: portion[index]?.[1] === true,
      known: { ...record, failed: record.error !== null },
    }));
  }
}

async function* fromStateFiles(
  stateDir: StateDir,
  tests: ReadonlyMap<string, boolean>,
): AsyncGenerator<readonly ListedKnown[]> {
  const { categories, failed } = await stateDir.known();
  for (const portion of portions(tests)) {
    yield portion.map(([uuid, declared]) => {
      const category = categories.get(uuid);
      const verdict =
        category === undefined ? null : ({ category, rule: 'imported', source: 'imported', at: 0 } as const);
      return {
        declared,
        known: {
          verdict,
          certainty: verdict && 'final',
          evidence: {},
          open: false,
          failed: verdict === null && failed.has(uuid),
        },
      };
    });
  }
}

function* portions<Item>(items: Iterable<Item>): Generator<Item[]> {
  let portion: Item[] = [];
  for (const item of items) {
    portion.push(item);
    if (portion.length < batch) continue;
    yield portion;
    portion = [];
  }
  yield portion;
}

import { declaredCategory } from '@inventory/classification';
import type { Selection } from '@inventory/producer';
import { forEachWorkspace, type ListingClient, listPages } from '@inventory/usertesting';

/** A workspace as listed. */
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
        for (const { uuid, type, productType } of page.tests) {
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

import { declaredCategory } from '@inventory/classification';
import type { Selection } from '@inventory/producer';
import { ApiError, CredentialsRefusedError, type ListingClient, UnauthorizedError } from '@inventory/usertesting';

/** A workspace as it was listed. */
export interface ListedWorkspace {
  readonly uuid: string;
  readonly name: string;
  readonly tests: number;
  /** Why it could not be listed to its end; null when it could. */
  readonly error: string | null;
}

/** All tests of the chosen workspaces: by UUID, whether the listing says the type. */
export interface ListedTests {
  readonly workspaces: readonly ListedWorkspace[];
  readonly tests: ReadonlyMap<string, boolean>;
}

const sideBySide = 4;

export interface ListTestsOptions {
  readonly listing: ListingClient;
  readonly selection: Selection;
  readonly signal: AbortSignal;
  /** Called after each page with the number of tests so far. */
  readonly onPage: (tests: number) => void;
}

/**
 * Lists workspaces, writing nothing down. One that can't be listed is noted, and the others go on.
 * @throws UnauthorizedError, CredentialsRefusedError: then none can
 */
export async function listTests({ listing, selection, signal, onPage }: ListTestsOptions): Promise<ListedTests> {
  const tests = new Map<string, boolean>();
  const listed = new Map<string, ListedWorkspace>();
  const left = [...selection.workspaces];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !signal.aborted; next = left.shift()) {
      const { uuid, name } = next;
      const own = new Set<string>();
      const error = await listOne(uuid, own).catch(sentence);
      listed.set(uuid, { uuid, name, tests: own.size, error });
    }
  };

  async function listOne(workspace: string, own: Set<string>): Promise<null> {
    const seen = new Set<string>();
    for (let after: string | null = null; !signal.aborted; ) {
      const page = await listing.page(workspace, after);
      for (const { uuid, type, productType } of page.tests) {
        own.add(uuid);
        tests.set(uuid, declaredCategory({ type, productType }) !== null);
      }
      onPage(tests.size);
      if (page.tests.length === 0 || page.next === null || seen.has(page.next)) break;
      seen.add(page.next);
      after = page.next;
    }
    return null;
  }

  await Promise.all(Array.from({ length: sideBySide }, lane));
  return { tests, workspaces: selection.workspaces.flatMap(({ uuid }) => listed.get(uuid) ?? []) };
}

function sentence(error: unknown): string {
  const concernsAll = error instanceof UnauthorizedError || error instanceof CredentialsRefusedError;
  if (concernsAll || !(error instanceof ApiError)) throw error;
  return error.message;
}

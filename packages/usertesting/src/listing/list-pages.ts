import { setImmediate as immediate } from 'node:timers/promises';
import {
  ApiError,
  CredentialsRefusedError,
  RejectedError,
  TokenEndpointDownError,
  UnauthorizedError,
} from '../errors.ts';
import type { ListingPage } from './listing-answers.ts';
import type { ListingClient } from './listing-client.ts';

export interface ListPagesOptions {
  readonly workspaceUuid: string;
  /** The cursor at which an interrupted listing continues; null for the first page. */
  readonly from: string | null;
  /** Ends the listing after the current page. */
  readonly signal: AbortSignal;
}

/**
 * The pages of one workspace in their order, each with the cursor to continue from after it: null on the last page. While
 * the caller works on a page, the next one is being fetched. The listing ends at a page that is empty, has no cursor or
 * names one that was used before. A `from` that the API no longer accepts means the first page.
 * @throws what `listing.page` throws; RejectedError when three pages in a row bring no test that was not on a page before
 */
export async function* listPages(
  listing: Pick<ListingClient, 'page'>,
  { workspaceUuid, from, signal }: ListPagesOptions,
): AsyncGenerator<ListingPage, void, void> {
  const used = new Set<string>();
  const seen = new Set<string>();
  let nothingNew = 0;
  const fetch = async (after: string | null): Promise<ListingPage> => {
    if (after !== null) used.add(after);
    return listing.page(workspaceUuid, after);
  };
  const fetchFirst = async (): Promise<ListingPage> => {
    try {
      return await fetch(from);
    } catch (error) {
      if (from === null || !(error instanceof RejectedError)) throw error;
      used.delete(from);
      return fetch(null);
    }
  };
  let upcoming = ahead(fetchFirst());
  while (!signal.aborted) {
    const { tests, next } = await upcoming;
    const goesOn = tests.length > 0 && next !== null && !used.has(next);
    const before = seen.size;
    for (const { uuid } of tests) seen.add(uuid);
    nothingNew = seen.size > before ? 0 : nothingNew + 1;
    if (goesOn && nothingNew === mostRepeats) throw endlessListing(workspaceUuid);
    if (goesOn) upcoming = ahead(fetch(next));
    // Lets that request be sent, and those of other workspaces whose page is here, before this page is worked on.
    await immediate();
    yield { tests, next: goesOn ? next : null };
    if (!goesOn) return;
  }
}

const mostRepeats = 3;

function endlessListing(workspaceUuid: string): RejectedError {
  const message = `The listing of workspace ${workspaceUuid} does not end: ${mostRepeats} pages in a row brought no new test.`;
  return new RejectedError(message, 'invalid_pagination_error');
}

/** A page that is fetched ahead may fail when it is no longer needed. */
function ahead(page: Promise<ListingPage>): Promise<ListingPage> {
  page.catch(() => undefined);
  return page;
}

export interface ForEachWorkspaceOptions<Workspace> {
  readonly workspaces: readonly Workspace[];
  readonly signal: AbortSignal;
  /** Lists one workspace, until `stop` fires. */
  readonly list: (workspace: Workspace, stop: AbortSignal) => Promise<void>;
  /** Called with an error that concerns this workspace only. */
  readonly failed: (workspace: Workspace, error: ApiError) => Promise<void> | void;
}

const sideBySide = 4;

/**
 * Lists workspaces, four at a time. One that fails does not stop the others, unless its error ends every listing.
 * @throws that error, once all have stopped; nothing when `signal` fired
 */
export async function forEachWorkspace<Workspace>(options: ForEachWorkspaceOptions<Workspace>): Promise<void> {
  const { signal, list, failed } = options;
  const left = [...options.workspaces];
  const broken = new AbortController();
  const stop = AbortSignal.any([signal, broken.signal]);
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !stop.aborted; next = left.shift()) {
      try {
        await list(next, stop);
      } catch (error) {
        if (!(error instanceof ApiError) || endsEveryListing(error)) throw error;
        await failed(next, error);
      }
    }
  };
  const lanes = Array.from({ length: sideBySide }, () => lane().catch((error: unknown) => broken.abort(error)));
  await Promise.all(lanes);
  if (broken.signal.aborted && !signal.aborted) throw broken.signal.reason;
}

/** Without a token that is accepted no workspace can be listed. */
function endsEveryListing(error: ApiError): boolean {
  return [UnauthorizedError, CredentialsRefusedError, TokenEndpointDownError].some((kind) => error instanceof kind);
}

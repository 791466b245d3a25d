import { setImmediate as soon } from 'node:timers/promises';
import type { Checkpoints, Failure, NewVerdict, PageTest } from '@inventory/checkpoints';
import { declaredCategory } from '@inventory/classification';
import type { SecretRegistry } from '@inventory/logger';
import type { TestQueue } from '@inventory/queue';
import {
  ApiError,
  CredentialsRefusedError,
  type ListedTest,
  type ListingClient,
  type ListingPage,
  RejectedError,
  TokenEndpointDownError,
  UnauthorizedError,
} from '@inventory/usertesting';
import type { ChosenWorkspace } from './select-workspaces.ts';

const cursorLife = 3_600_000;

export interface DiscoverOptions {
  readonly checkpoints: Checkpoints;
  readonly queue: Pick<TestQueue, 'enqueue'>;
  readonly listing: ListingClient;
  readonly secrets: SecretRegistry;
  readonly run: { readonly id: string; readonly joinedAt: number };
  readonly classifyBy: 'auto' | 'probe' | 'metadata';
  readonly signal: AbortSignal;
  /** Called after each page, with how many tests it has and how many of them were enqueued. */
  readonly onPage: (workspace: ChosenWorkspace, listed: number, enqueued: number) => void;
}

/**
 * Lists one workspace to its end. Each page is saved, then enqueued, then its cursor is saved, so that a
 * death at any point loses nothing; the next one is on its way meanwhile. An interrupted listing of the same run goes
 * on from its cursor.
 * @returns false when the workspace could not be listed; that is recorded, and the others go on
 * @throws UnauthorizedError and whatever else concerns more than this workspace
 */
export async function discoverWorkspace(options: DiscoverOptions, workspace: ChosenWorkspace): Promise<boolean> {
  const { checkpoints, listing, run, signal } = options;
  const seen = new Set<string>();
  const saved = await checkpoints.listing.cursor(workspace.uuid, run.id, cursorLife);
  let asked = inAdvance(firstPage(listing, workspace.uuid, saved));
  try {
    while (!signal.aborted) {
      const { tests, next } = await asked;
      const goesOn = tests.length > 0 && next !== null && !seen.has(next);
      if (goesOn) asked = inAdvance(listing.page(workspace.uuid, next));
      // That request leaves, and those of other workspaces whose page is here, before this page is worked on.
      await soon();
      await takePage(options, workspace, tests);
      if (!goesOn) break;
      seen.add(next);
      await checkpoints.listing.saveCursor(workspace.uuid, run.id, next);
    }
  } catch (error) {
    if (!(error instanceof ApiError) || concernsAll(error)) throw error;
    await checkpoints.listing.failWorkspace(workspace.uuid, failureOf(error, options.secrets));
    return false;
  }
  if (!signal.aborted) await checkpoints.listing.finishWorkspace(workspace.uuid, run.id);
  return true;
}

/** A saved cursor that the API no longer takes means: from the start. */
async function firstPage(listing: ListingClient, uuid: string, saved: string | null): Promise<ListingPage> {
  try {
    return await listing.page(uuid, saved);
  } catch (error) {
    if (saved === null || !(error instanceof RejectedError)) throw error;
    return listing.page(uuid, null);
  }
}

/** A page that is asked for before it is awaited: nobody may be there when it fails. */
function inAdvance(page: Promise<ListingPage>): Promise<ListingPage> {
  page.catch(() => undefined);
  return page;
}

async function takePage(
  { checkpoints, queue, run, classifyBy, onPage }: DiscoverOptions,
  workspace: ChosenWorkspace,
  tests: readonly ListedTest[],
): Promise<void> {
  const selected = await checkpoints.listing.savePage({
    run: run.id,
    joinedAt: run.joinedAt,
    workspace: workspace.uuid,
    position: workspace.position,
    probe: classifyBy !== 'metadata',
    tests: tests.map((test) => pageTest(test, classifyBy)),
  });
  await queue.enqueue(selected);
  onPage(workspace, tests.length, selected.length);
}

function pageTest(
  { uuid, title, orderedAt, type, productType }: ListedTest,
  classifyBy: DiscoverOptions['classifyBy'],
): PageTest {
  const declared = classifyBy === 'probe' ? null : declaredCategory({ type, productType });
  const verdict: NewVerdict | null = declared && { ...declared, source: 'declared' };
  return {
    uuid,
    listing: {
      ...(title !== null && { title }),
      ...(orderedAt !== null && { orderedAt }),
      ...(type !== undefined && { type }),
      ...(productType !== undefined && { productType }),
    },
    declared: verdict,
  };
}

/** Without a token that is accepted no workspace can be listed. */
function concernsAll(error: ApiError): boolean {
  return [UnauthorizedError, CredentialsRefusedError, TokenEndpointDownError].some((kind) => error instanceof kind);
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

import type { Forgotten } from '@inventory/checkpoints';
import { type Runtime, unknownWorkspaces } from '@inventory/runtime';
import { type ResolvedTest, resolveTest } from '../find-test/resolve-test.ts';
import type { ForgetOptions } from './forget-options.ts';

/** What was removed from the checkpoints. */
export interface ForgottenTests {
  /** Tests, and `workspace:UUID` for errors of listings. */
  readonly forgotten: readonly Forgotten[];
  readonly unknown: readonly Exclude<ResolvedTest, { kind: 'found' }>[];
}

/**
 * Removes what was chosen from the checkpoints.
 * @throws UsageError for an unknown workspace; then nothing was removed
 */
export async function forgetChosen(runtime: Runtime, options: ForgetOptions): Promise<ForgottenTests> {
  const { checkpoints } = runtime;
  const { testUuids, workspaceUuid = [], all = false } = options;
  if (all) return { forgotten: await checkpoints.known.forgetAll(), unknown: [] };
  if (workspaceUuid.length > 0) return { forgotten: await forgetWorkspaces(runtime, workspaceUuid), unknown: [] };
  const known: string[] = [];
  const unknown: Exclude<ResolvedTest, { kind: 'found' }>[] = [];
  for (const word of testUuids) {
    const resolved = await resolveTest(checkpoints, word);
    if (resolved.kind === 'found') known.push(resolved.record.uuid);
    else unknown.push(resolved);
  }
  return { forgotten: await checkpoints.known.forget(known), unknown };
}

/** A test belongs to the workspace under which the state files show it. */
async function forgetWorkspaces({ checkpoints }: Runtime, uuids: readonly string[]): Promise<Forgotten[]> {
  const workspaces = await checkpoints.listing.workspaces();
  const unknown = uuids.filter((uuid) => !workspaces.has(uuid));
  if (unknown.length > 0) {
    const known = [...workspaces].map(([uuid, { name }]) => ({ uuid, name }));
    throw unknownWorkspaces(unknown, known);
  }
  const forgotten: Forgotten[] = [];
  for await (const page of checkpoints.inventory.pages()) {
    const theirs = page.filter(({ listing }) => uuids.includes(listing.workspace)).map(({ uuid }) => uuid);
    forgotten.push(...(await checkpoints.known.forget(theirs)));
  }
  const errors = uuids.map((uuid) => `workspace:${uuid}`);
  return [...forgotten, ...(await checkpoints.known.forget(errors))];
}

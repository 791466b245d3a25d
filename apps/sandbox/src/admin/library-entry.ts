import { type ExpectedVerdict, expectedByMetadata, expectedByProbes } from '../library/expected-verdict.ts';
import type { SandboxTest } from '../library/sandbox-test.ts';

/** A test of the library with what a right classification says about it. */
export interface LibraryEntry extends SandboxTest {
  /** The workspace it belongs to when all are chosen: of those that list it, the last of the workspace list. */
  readonly workspaceUuid: string;
  readonly workspaceName: string;
  readonly byProbes: ExpectedVerdict;
  /** Null where `type` and `productType` decide nothing. */
  readonly byMetadata: ExpectedVerdict | null;
}

/** The entry of a test; `names` gives workspace names by UUID. */
export function libraryEntry(test: SandboxTest, names: ReadonlyMap<string, string>): LibraryEntry {
  const workspaceUuid = test.workspaces.at(-1) ?? '';
  return {
    ...test,
    workspaceUuid,
    workspaceName: names.get(workspaceUuid) ?? 'Unknown',
    byProbes: expectedByProbes(test),
    byMetadata: expectedByMetadata(test),
  };
}

import type { SandboxTest, TestChange, TestData, Workspace, WorkspaceData } from './sandbox-test.ts';

/** A library of workspaces and tests that can be changed while the sandbox runs. UUIDs are compared in lower case. */
export interface Library {
  /** The seed its UUIDs come from. */
  readonly seed: number;
  /** Number of tests. */
  size(): number;
  workspaces(): readonly Workspace[];
  workspace(uuid: string): Workspace | undefined;
  /** Up to `count` tests of a workspace from position `from` (0 = newest); undefined for an unknown workspace. */
  listing(workspaceUuid: string, from: number, count: number): readonly SandboxTest[] | undefined;
  test(uuid: string): SandboxTest | undefined;
  /** Session ids of a test, newest first; empty for an unknown test. */
  sessionIds(testUuid: string, offset?: number, limit?: number): readonly string[];
  /** The test that a session belongs to and the session's number in the order of their start, from 0. */
  session(sessionId: string): { readonly test: SandboxTest; readonly number: number } | undefined;
  /** Every test, in no promised order. */
  tests(): Iterable<SandboxTest>;
  /** Throws an Error when the UUID is taken. */
  addWorkspace(data: WorkspaceData): Workspace;
  /** Lists the test first (as the newest, which shifts all cursors) or last. Throws when the UUID is taken or a workspace unknown. */
  addTest(data: TestData, place?: 'first' | 'last'): SandboxTest;
  /** Gives sessions, renames, changes the kind. Throws for an unknown test. */
  changeTest(uuid: string, change: TestChange): SandboxTest;
  /** Whether there was such a test; after that it is no longer listed and answers 404. */
  removeTest(uuid: string): boolean;
}

/** A library given by hand; tests are listed in the order given. */
export interface LibraryData {
  readonly seed?: number | undefined;
  readonly workspaces: readonly WorkspaceData[];
  readonly tests: readonly TestData[];
}

import { generateLibrary, generateWorkspace, type LibraryOptions, NEWEST_AT } from './generate.ts';
import {
  changedTest,
  completeTest,
  type SandboxTest,
  type TestChange,
  type TestData,
  type Workspace,
  type WorkspaceData,
} from './sandbox-test.ts';
import { readSeededUuid, seededUuid } from './seeded.ts';

/** A library given by hand; tests are listed in the order given. */
export interface LibraryData {
  readonly workspaces: readonly WorkspaceData[];
  readonly tests: readonly TestData[];
}

/** A workspace and the indices of its tests, in the order of its listing. */
interface Shelf {
  readonly workspace: Workspace;
  readonly indices: number[];
}

/** A library of workspaces and tests that can be changed while the sandbox runs. UUIDs are compared in lower case. */
export type Library = ReturnType<typeof createLibrary>;

/**
 * A library made from a seed, of any size, or one given by hand as plain data.
 * Generated tests are made on request; only changed and added ones are stored.
 */
export function createLibrary(source: LibraryOptions | LibraryData = {}) {
  const data = isLibraryData(source) ? source : undefined;
  const generated = generateLibrary(isLibraryData(source) ? { tests: 0, workspaces: 0 } : source);
  const { seed } = generated;
  const shelves = new Map<string, Shelf>(
    generated.workspaces.map((workspace) => [workspace.uuid, { workspace, indices: [] }]),
  );
  const stored = new Map<number, SandboxTest>();
  const givenUuids = new Map<string, number>();
  let size = generated.tests;

  const inOrder = [...shelves.values()];
  for (let index = 0; index < size; index += 1) {
    for (const place of generated.placesOf(index)) inOrder[place]?.indices.push(index);
  }
  for (const workspace of data?.workspaces ?? []) addWorkspace(workspace);
  for (const test of data?.tests ?? []) insertTest(test, 'last');

  function at(index: number | undefined): SandboxTest | undefined {
    if (index === undefined) return undefined;
    return stored.get(index) ?? (index < generated.tests ? generated.test(index) : undefined);
  }

  function indexOf(uuid: string): number | undefined {
    const wanted = uuid.toLowerCase();
    const index = givenUuids.get(wanted) ?? readSeededUuid('test', seed, wanted)?.index;
    return at(index)?.uuid === wanted ? index : undefined;
  }

  function addWorkspace({ uuid, name }: WorkspaceData): Workspace {
    const otherwise = generateWorkspace({ seed, index: shelves.size });
    const workspace = { ...otherwise, uuid: uuid?.toLowerCase() ?? otherwise.uuid, name };
    if (shelves.has(workspace.uuid)) throw new Error(`there is a workspace ${workspace.uuid} already`);
    shelves.set(workspace.uuid, { workspace, indices: [] });
    return workspace;
  }

  function insertTest(data: TestData, place: 'first' | 'last'): SandboxTest {
    const wanted = (data.workspaces ?? [...shelves.keys()].slice(0, 1)).map((uuid) => uuid.toLowerCase());
    const unknown = wanted.find((uuid) => !shelves.has(uuid));
    if (wanted.length === 0 || unknown) throw new Error(`there is no workspace ${unknown ?? 'for the test'}`);
    const workspaces = [...shelves.keys()].filter((uuid) => wanted.includes(uuid));
    const test = completeTest(data, { uuid: seededUuid('test', seed, size), workspaces, orderedAt: NEWEST_AT });
    if (indexOf(test.uuid) !== undefined) throw new Error(`there is a test ${test.uuid} already`);
    stored.set(size, test);
    givenUuids.set(test.uuid, size);
    for (const uuid of workspaces) {
      const indices = shelves.get(uuid)?.indices;
      if (place === 'first') indices?.unshift(size);
      else indices?.push(size);
    }
    size += 1;
    return test;
  }

  return {
    /** The seed its UUIDs come from. */
    seed,
    /** Number of tests. */
    size: () => size,
    workspaces: (): readonly Workspace[] => [...shelves.values()].map(({ workspace }) => workspace),
    /** Up to `count` tests of a workspace from position `from` (0 = newest); undefined for an unknown workspace. */
    listing: (uuid: string, from: number, count: number): readonly SandboxTest[] | undefined =>
      shelves
        .get(uuid.toLowerCase())
        ?.indices.slice(from, from + count)
        .flatMap((index) => at(index) ?? []),
    test: (uuid: string): SandboxTest | undefined => at(indexOf(uuid)),
    /** Session ids of a test, newest first; empty for an unknown test. */
    sessionIds(testUuid: string, offset = 0, limit = Number.POSITIVE_INFINITY): readonly string[] {
      const index = indexOf(testUuid);
      const sessions = at(index)?.sessions ?? 0;
      const length = Math.max(0, Math.min(limit, sessions - offset));
      return Array.from({ length }, (_, n) => seededUuid('session', seed, index ?? 0, sessions - 1 - offset - n));
    },
    /** The test that a session belongs to. */
    testOfSession(sessionId: string): SandboxTest | undefined {
      const read = readSeededUuid('session', seed, sessionId.toLowerCase());
      const test = at(read?.index);
      return read && test && read.part < test.sessions ? test : undefined;
    },
    /** Every test, in no promised order. */
    *tests(): Generator<SandboxTest> {
      for (let index = 0; index < size; index += 1) {
        const test = at(index);
        if (test) yield test;
      }
    },
    /** Throws an Error when the UUID is taken. */
    addWorkspace,
    /** Lists the test first, as the newest, which shifts all cursors. Throws when the UUID is taken or a workspace unknown. */
    addTest: (data: TestData): SandboxTest => insertTest(data, 'first'),
    /** Gives sessions or changes the kind. Throws for an unknown test. */
    changeTest(uuid: string, change: TestChange): SandboxTest {
      const index = indexOf(uuid);
      const test = at(index);
      if (index === undefined || !test) throw new Error(`there is no test ${uuid}`);
      const changed = changedTest(test, change);
      stored.set(index, changed);
      return changed;
    },
  };
}

function isLibraryData(source: LibraryOptions | LibraryData): source is LibraryData {
  return Array.isArray(source.tests);
}

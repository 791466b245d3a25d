import { changedTest, completeTest } from './complete-test.ts';
import { generateLibrary, generateWorkspace } from './generate-library.ts';
import type { Library, LibraryData } from './library.ts';
import { completeLibraryOptions, type LibraryOptions } from './library-options.ts';
import type { SandboxTest, Workspace, WorkspaceData } from './sandbox-test.ts';
import { readSeededUuid, seededUuid } from './seeded-uuid.ts';

interface Shelf {
  readonly workspace: Workspace;
  /** Indices of the tests, in the order of the listing. */
  readonly indices: number[];
}

/**
 * A library made from a seed, of any size, or one given by hand as plain data.
 * Generated tests are made on request; only changed and added ones are stored.
 */
export function createLibrary(source: LibraryOptions | LibraryData = {}): Library {
  const byHand = isLibraryData(source) ? source : undefined;
  const options = completeLibraryOptions(isLibraryData(source) ? { ...source, tests: 0, workspaces: 0 } : source);
  const { seed } = options;
  const generated = generateLibrary(options);
  const shelves = new Map<string, Shelf>();
  const stored = new Map<number, SandboxTest>();
  const givenUuids = new Map<string, number>();
  const removed = new Set<number>();
  let nextIndex = 0;

  for (const workspace of generated.workspaces) shelves.set(workspace.uuid, { workspace, indices: [] });
  const inOrder = [...shelves.values()];
  for (; nextIndex < options.tests; nextIndex += 1) {
    for (const place of generated.placesOf(nextIndex)) inOrder[place]?.indices.push(nextIndex);
  }
  for (const data of byHand?.workspaces ?? []) addWorkspace(data);

  function at(index: number): SandboxTest | undefined {
    if (removed.has(index)) return undefined;
    return stored.get(index) ?? (index < options.tests ? generated.test(index) : undefined);
  }

  function indexOf(uuid: string): number | undefined {
    const wanted = uuid.toLowerCase();
    const index = givenUuids.get(wanted) ?? readSeededUuid('test', seed, wanted)?.index;
    return index !== undefined && at(index)?.uuid === wanted ? index : undefined;
  }

  function test(uuid: string): SandboxTest | undefined {
    const index = indexOf(uuid);
    return index === undefined ? undefined : at(index);
  }

  function addWorkspace(data: WorkspaceData): Workspace {
    const otherwise = generateWorkspace(seed, shelves.size);
    const uuid = data.uuid?.toLowerCase() ?? otherwise.uuid;
    if (shelves.has(uuid)) throw new Error(`there is a workspace ${uuid} already`);
    const workspace = { uuid, id: data.id ?? otherwise.id, name: data.name };
    shelves.set(uuid, { workspace, indices: [] });
    return workspace;
  }

  const library: Library = {
    seed,
    size: () => nextIndex - removed.size,
    workspaces: () => [...shelves.values()].map((shelf) => shelf.workspace),
    workspace: (uuid) => shelves.get(uuid.toLowerCase())?.workspace,
    listing(workspaceUuid, from, count) {
      const indices = shelves.get(workspaceUuid.toLowerCase())?.indices.slice(from, from + count);
      return indices?.map(at).filter((found) => found !== undefined);
    },
    test,
    sessionIds(testUuid, offset = 0, limit = Number.POSITIVE_INFINITY) {
      const index = indexOf(testUuid);
      const sessions = index === undefined ? 0 : (at(index)?.sessions ?? 0);
      const length = Math.max(0, Math.min(limit, sessions - offset));
      return Array.from({ length }, (_, n) => seededUuid('session', seed, index ?? 0, sessions - 1 - offset - n));
    },
    session(sessionId) {
      const read = readSeededUuid('session', seed, sessionId.toLowerCase());
      const owner = read && at(read.index);
      return owner && read.part < owner.sessions ? { test: owner, number: read.part } : undefined;
    },
    *tests() {
      for (let index = 0; index < nextIndex; index += 1) {
        const found = at(index);
        if (found) yield found;
      }
    },
    addWorkspace,
    addTest(data, place = 'first') {
      const [firstWorkspace] = shelves.keys();
      const wanted = (data.workspaces ?? (firstWorkspace ? [firstWorkspace] : [])).map((uuid) => uuid.toLowerCase());
      const unknown = wanted.find((uuid) => !shelves.has(uuid));
      if (wanted.length === 0 || unknown) throw new Error(`there is no workspace ${unknown ?? 'for the test'}`);
      const workspaces = [...shelves.keys()].filter((uuid) => wanted.includes(uuid));
      const defaults = { uuid: seededUuid('test', seed, nextIndex), workspaces, orderedAt: options.newestAt };
      const added = completeTest({ ...data, workspaces }, defaults);
      if (test(added.uuid)) throw new Error(`there is a test ${added.uuid} already`);
      stored.set(nextIndex, added);
      givenUuids.set(added.uuid, nextIndex);
      for (const uuid of workspaces) {
        const indices = shelves.get(uuid)?.indices;
        if (place === 'first') indices?.unshift(nextIndex);
        else indices?.push(nextIndex);
      }
      nextIndex += 1;
      return added;
    },
    changeTest(uuid, change) {
      const index = indexOf(uuid);
      const before = index === undefined ? undefined : at(index);
      if (index === undefined || !before) throw new Error(`there is no test ${uuid}`);
      const after = changedTest(before, change);
      stored.set(index, after);
      return after;
    },
    removeTest(uuid) {
      const index = indexOf(uuid);
      if (index === undefined) return false;
      for (const { indices } of shelves.values()) {
        const position = indices.indexOf(index);
        if (position >= 0) indices.splice(position, 1);
      }
      removed.add(index);
      stored.delete(index);
      return true;
    },
  };
  for (const data of byHand?.tests ?? []) library.addTest(data, 'last');
  return library;
}

function isLibraryData(source: LibraryOptions | LibraryData): source is LibraryData {
  return Array.isArray(source.tests);
}

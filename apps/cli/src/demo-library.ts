import type { LibraryData, TestData } from '@inventory/sandbox';

const names = ['Checkout research', '製品リサーチ', '"Quick" feedback & ideas', "Brand team's library"];

/** How many tests of each kind a workspace has. */
const kinds = [
  ['classic', 6],
  ['no-sessions', 2],
  ['interaction (video)', 3],
  ['interaction (qx)', 2],
  ['think-out-loud', 2],
  ['survey', 3],
] as const;

/** The account of the demo: four workspaces, 72 tests, every kind in each of them. */
export function demoLibrary(): LibraryData {
  const workspaces = names.map((name, index) => ({ name, uuid: uuid(0, index) }));
  const tests = workspaces.flatMap((workspace, place): TestData[] =>
    kinds
      .flatMap(([kind, count]) => Array.from({ length: count }, () => kind))
      .map((kind, index) => ({
        kind,
        uuid: uuid(place + 1, index),
        title: `${workspace.name}: test ${index + 1}`,
        workspaces: [workspace.uuid],
      })),
  );
  return { workspaces, tests };
}

/** The same UUIDs in every demo, so that its files can be compared. */
function uuid(group: number, index: number): string {
  const mixed = ((group * 64 + index + 1) * 2654435761) % 2 ** 32;
  const head = mixed.toString(16).padStart(8, '0');
  return `${head}-0000-4000-8000-${String(group).padStart(6, '0')}${String(index).padStart(6, '0')}`;
}

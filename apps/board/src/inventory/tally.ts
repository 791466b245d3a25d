import { type Category, categories } from '@inventory/classification';
import type { ExportRow } from '@inventory/exports';
import type { TestIndex } from './test-index.ts';

/** A category, or that there is none yet. */
export const kinds = [...categories, 'undecided'] as const;
type Kind = (typeof kinds)[number];
type KindCounts = Record<Kind, number>;

interface Group {
  total: number;
  readonly by_category: KindCounts;
}

/** The tests in numbers. */
export interface Tally {
  readonly all: Group;
  readonly unlisted: number;
  /** Tests whose last look ended in an error. */
  readonly errors: number;
  /** Tests whose verdict is not final. */
  readonly provisional: number;
  readonly unconfirmed: number;
  /** Why tests are undecided. */
  readonly undecided: { readonly open: number; readonly errors: number; readonly not_selected: number };
  /** By the month in which they were ordered (`2025-03`, UTC), ascending; null last. */
  readonly by_month: readonly ({ readonly month: string | null } & Group)[];
  /** In the account's order. */
  readonly workspaces: readonly WorkspaceTally[];
}

interface WorkspaceTally extends Group {
  readonly uuid: string;
  readonly name: string;
  /** Tests that ended in an error, and one more where the workspace itself could not be listed. */
  readonly errors: number;
}

/** Counts the tests of the index; one pass over all of them. */
export function tally(index: TestIndex): Tally {
  const all = newGroup();
  const months = new Map<string | null, Group>();
  const workspaces = new Map<string, Group & { errors: number }>();
  const undecided = { open: 0, errors: 0, not_selected: 0 };
  let unlisted = 0;
  let errors = 0;
  const weak = { provisional: 0, unconfirmed: 0 };
  for (const row of index.store.all()) {
    const workspace = groupOf(workspaces, row.workspace_uuid, () => ({ ...newGroup(), errors: 0 }));
    for (const group of [all, groupOf(months, row.ordered_at?.slice(0, 7) ?? null, newGroup), workspace])
      count(group, row);
    if (!row.listed) unlisted += 1;
    if (row.certainty === 'provisional' || row.certainty === 'unconfirmed') weak[row.certainty] += 1;
    if (row.error !== null) {
      errors += 1;
      workspace.errors += 1;
    }
    if (row.category === null) undecided[whyUndecided(row, index.open)] += 1;
  }
  const by_month = sortedMonths(months);
  return { all, unlisted, errors, ...weak, undecided, by_month, workspaces: named(index, workspaces) };
}

function whyUndecided(row: ExportRow, open: ReadonlySet<string>): 'open' | 'errors' | 'not_selected' {
  if (open.has(row.test_uuid)) return 'open';
  return row.error === null ? 'not_selected' : 'errors';
}

function sortedMonths(months: ReadonlyMap<string | null, Group>): Tally['by_month'] {
  return [...months]
    .map(([month, group]) => ({ month, ...group }))
    .sort((a, b) => {
      if (a.month === null || b.month === null) return a.month === null ? 1 : -1;
      return a.month < b.month ? -1 : 1;
    });
}

function named(
  { workspaces, errors }: TestIndex,
  groups: ReadonlyMap<string, Group & { errors: number }>,
): WorkspaceTally[] {
  const position = (uuid: string): number => workspaces.get(uuid)?.position ?? Number.POSITIVE_INFINITY;
  const uuids = [...new Set([...workspaces.keys(), ...groups.keys()])].sort((a, b) => position(a) - position(b));
  return uuids.map((uuid) => {
    const { total, by_category, errors: failed } = groups.get(uuid) ?? { ...newGroup(), errors: 0 };
    const unlistable = errors.has(`workspace:${uuid}`) ? 1 : 0;
    return { uuid, name: workspaces.get(uuid)?.name ?? 'Unknown', total, by_category, errors: failed + unlistable };
  });
}

function newGroup(): Group {
  const none = { survey: 0, ClassicUT: 0, undecided: 0 };
  const types = { 'interaction test': 0, 'think-out-loud test': 0, 'live conversation': 0, 'no sessions': 0 };
  return { total: 0, by_category: { ...types, ...none } };
}

function groupOf<Key, Found>(groups: Map<Key, Found>, key: Key, create: () => Found): Found {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group = create();
  groups.set(key, group);
  return group;
}

function count(group: Group, { category }: { readonly category: Category | null }): void {
  group.total += 1;
  group.by_category[category ?? 'undecided'] += 1;
}

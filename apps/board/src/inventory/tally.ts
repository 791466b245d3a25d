import { categories } from '@inventory/classification';
import type { ExportRow } from '@inventory/exports';
import type { Summary } from '../api/summary-schema.ts';
import type { TestIndex } from './test-index.ts';

/** A category, or that there is none yet. */
export const kinds = [...categories, 'undecided'] as const;

/** The tests in numbers: the part of a summary that takes a pass over all rows. */
export type Tally = Pick<Summary, 'tests' | 'by_platform' | 'by_category' | 'by_month' | 'workspaces' | 'undecided'>;

interface Group {
  total: number;
  errors: number;
  readonly by_category: Record<(typeof kinds)[number], number>;
}

export function tally(index: TestIndex): Tally {
  const all = newGroup();
  const months = new Map<string | null, Group>();
  const workspaces = new Map<string, Group>();
  const why = { open: 0, errors: 0, not_selected: 0 };
  const weak = { provisional: 0, unconfirmed: 0 };
  let unlisted = 0;
  for (const row of index.store.all()) {
    const month = row.ordered_at?.slice(0, 7) ?? null;
    for (const group of [all, groupOf(months, month), groupOf(workspaces, row.workspace_uuid)]) {
      group.total += 1;
      group.by_category[row.category ?? 'undecided'] += 1;
      if (row.error !== null) group.errors += 1;
    }
    if (row.category === null) why[whyUndecided(row, index.open)] += 1;
    if (row.certainty === 'provisional' || row.certainty === 'unconfirmed') weak[row.certainty] += 1;
    if (!row.listed) unlisted += 1;
  }
  const { total, errors } = all;
  const { undecided, ...by_category } = all.by_category;
  const classified = total - undecided;
  return {
    tests: { total, classified, undecided, open: index.open.size, errors, unlisted, ...weak },
    by_platform: { UTZ: classified - by_category.ClassicUT, ClassicUT: by_category.ClassicUT },
    by_category,
    by_month: byMonth(months),
    workspaces: byWorkspace(workspaces, index),
    undecided: why,
  };
}

function whyUndecided(row: ExportRow, open: ReadonlySet<string>): keyof Tally['undecided'] {
  if (open.has(row.test_uuid)) return 'open';
  return row.error === null ? 'not_selected' : 'errors';
}

/** In ascending order, tests without a month last. */
function byMonth(months: ReadonlyMap<string | null, Group>): Tally['by_month'] {
  return [...months]
    .map(([month, { total, by_category }]) => ({ month, total, by_category }))
    .sort((a, b) => ((a.month ?? '~') < (b.month ?? '~') ? -1 : 1));
}

/** In the account's order. A workspace that could not be listed counts as one more error. */
function byWorkspace(groups: ReadonlyMap<string, Group>, { workspaces, errors }: TestIndex): Tally['workspaces'] {
  const position = (uuid: string): number => workspaces.get(uuid)?.position ?? Number.POSITIVE_INFINITY;
  const uuids = [...new Set([...workspaces.keys(), ...groups.keys()])].sort((a, b) => position(a) - position(b));
  return uuids.map((uuid) => {
    const group = groups.get(uuid) ?? newGroup();
    const failures = group.errors + (errors.has(`workspace:${uuid}`) ? 1 : 0);
    return { uuid, name: workspaces.get(uuid)?.name ?? 'Unknown', ...group, errors: failures };
  });
}

function groupOf<Key>(groups: Map<Key, Group>, key: Key): Group {
  const group = groups.get(key) ?? newGroup();
  groups.set(key, group);
  return group;
}

function newGroup(): Group {
  const types = { 'interaction test': 0, 'think-out-loud test': 0, survey: 0 };
  const others = { 'live conversation': 0, 'no sessions': 0, ClassicUT: 0, undecided: 0 };
  return { total: 0, errors: 0, by_category: { ...types, ...others } };
}

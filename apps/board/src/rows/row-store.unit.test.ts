import type { ExportRow } from '@inventory/exports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { undecidedRow } from '../../../../test/support/undecided-row.ts';
import { comparePlaces, type Place, placeOf, type Sorting, sortNames } from './row-order.ts';
import { findPage, type RowPage, RowStore } from './row-store.ts';

const anyRow: fc.Arbitrary<ExportRow> = fc
  .record({
    test_uuid: fc.constantFrom(...'abcdefghijklmnop'),
    title: fc.option(fc.constantFrom('A', 'a', 'b', 'Ä', 'z')),
    workspace_uuid: fc.constant('w'),
    workspace_name: fc.constantFrom('One', 'two'),
    ordered_at: fc.option(fc.constantFrom('2025-01-01T00:00:00.000Z', '2025-02-01T00:00:00.000Z')),
  })
  .map(undecidedRow);
const anySorting: fc.Arbitrary<Sorting> = fc.record({
  sort: fc.constantFrom(...sortNames),
  order: fc.constantFrom('asc', 'desc'),
});
const anyChange = fc.record({
  put: fc.uniqueArray(anyRow, { maxLength: 4, selector: ({ test_uuid }) => test_uuid }),
  remove: fc.array(fc.constantFrom(...'abcxyz'), { maxLength: 1 }),
});

describe('the rows in memory', () => {
  it('keep every order right, whatever changes, also while it is made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyChange), anySorting, fc.boolean(), async (changes, sorting, wait) => {
        const store = new RowStore();
        const made = store.sorted(sorting);
        if (wait) await made;
        for (const { put, remove } of changes) {
          store.change(put, remove);
          if (wait) expect((await store.sorted(sorting)).rows).toEqual(inOrder(store, sorting));
        }
        expect((await store.sorted(sorting)).rows).toEqual(inOrder(store, sorting));
      }),
    );
  });

  it('are all visited once by paging, whatever changes about others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyChange),
        anySorting,
        fc.integer({ min: 1, max: 3 }),
        async (changes, sorting, limit) => {
          const store = new RowStore();
          const stay = Array.from({ length: 7 }, (_, index) => ({ ...filled, test_uuid: `stay ${index}` }));
          store.change(stay);
          const seen: string[] = [];
          let turn = 0;
          let next: Place | null = null;
          do {
            const page: RowPage = await findPage(store, sorting, next, limit);
            seen.push(...page.rows.map(({ test_uuid }) => test_uuid));
            next = page.next;
            const change = changes[turn];
            if (change !== undefined) store.change(change.put, change.remove);
            turn += 1;
          } while (next !== null);
          expect(seen.filter((uuid) => uuid.startsWith('stay')).sort()).toEqual(stay.map(({ test_uuid }) => test_uuid));
        },
      ),
    );
  });
});

const filled = undecidedRow({ test_uuid: '', title: 'a', workspace_name: 'One' });

function inOrder(store: RowStore, sorting: Sorting): ExportRow[] {
  return [...store.all()].sort((a, b) => comparePlaces(placeOf(a, sorting), placeOf(b, sorting), sorting));
}

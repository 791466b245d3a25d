import type { Checkpoints } from '@inventory/checkpoints';
import { categories } from '@inventory/classification';

const pageSize = 1_000;
const workspaces = ['Checkout', 'Mobile app', 'Brand', 'Search'].map((name, index) => ({ uuid: `w${index}`, name }));

/** UUID of a numbered test of the library. */
export function largeUuid(number: number): string {
  return `${((number * 2654435761) % 2 ** 32).toString(16).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/**
 * Lists a library as the producer does: tests titled `Test 000000` on, ordered an hour apart, one of seven undecided,
 * the others of all categories in turn, in four workspaces by turns of a thousand.
 */
export async function listLargeLibrary(checkpoints: Checkpoints, count: number): Promise<void> {
  await checkpoints.listing.saveWorkspaces(workspaces);
  const { id, joinedAt } = await checkpoints.runs.start('all');
  for (const [page, numbers] of portions(count, pageSize).entries()) {
    const position = page % workspaces.length;
    const tests = numbers.map(largeTest);
    await checkpoints.listing.savePage({ run: id, joinedAt, workspace: `w${position}`, position, probe: false, tests });
  }
  await checkpoints.runs.markListed(id);
  await checkpoints.runs.finish(id);
}

/** The numbers below a count, in order, in portions of one size; the last one may be smaller. */
export function portions(count: number, size: number): readonly (readonly number[])[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: Math.ceil(count / size) }, (_, page) => numbers.slice(page * size, (page + 1) * size));
}

function largeTest(number: number) {
  const category = categories[number % (categories.length + 1)];
  return {
    uuid: largeUuid(number),
    listing: {
      title: `Test ${String(number).padStart(6, '0')}`,
      orderedAt: new Date(1_500_000_000_000 + number * 3_600_000).toISOString(),
    },
    declared: category === undefined ? null : { category, rule: 'declared-STUDYV2', source: 'declared' as const },
  };
}

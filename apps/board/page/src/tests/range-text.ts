import type { TestsPage } from '../answers/test-row.ts';
import { countOf, number } from '../words/count.ts';

/** Tests on a full page. */
const pageSize = 50;

/** Which of the matching tests are shown: `51–100 of 1,204 tests`. @param page from 1 */
export function rangeText({ tests, total }: TestsPage, page: number): string {
  if (tests.length === 0) return total === 0 ? 'No test matches' : 'No more tests';
  const from = (page - 1) * pageSize + 1;
  const to = from + tests.length - 1;
  return from === 1 && to === total
    ? countOf(total, 'test')
    : `${number(from)}–${number(to)} of ${countOf(total, 'test')}`;
}

import type { Summary } from '../answers/summary.ts';
import type { TypeCounts } from '../answers/type.ts';

/** The whole library by type, the undecided tests included. */
export function countsOf({ byCategory, tests }: Pick<Summary, 'byCategory' | 'tests'>): TypeCounts {
  return { ...byCategory, undecided: tests.undecided };
}

import type { PastRun } from '../answers/past-run.ts';
import { types } from '../answers/type.ts';
import { typeName } from '../answers/type-name.ts';
import { countOf, number } from '../words/count.ts';
import { timeLeft } from '../words/time-left.ts';

/** How much a run did and how long it took: `1,204 tests in 8 h`. */
export function workText({ selected, startedAt, finishedAt }: PastRun): string {
  if (selected === 0) return 'nothing to do';
  const tests = countOf(selected, 'test');
  return startedAt === null || finishedAt === null
    ? tests
    : `${tests} in ${timeLeft(Date.parse(finishedAt) - Date.parse(startedAt))}`;
}

/** What became of a run's tests: `12 Survey, 3 ClassicUT, 1 error`; empty where there were none. */
export function outcomesText({ outcomes }: PastRun): string {
  const decided = types.map((type) => [outcomes[type] ?? 0, typeName(type)] as const);
  const errors = outcomes['error'] ?? 0;
  return [
    ...decided.filter(([count]) => count > 0).map(([count, name]) => `${number(count)} ${name}`),
    ...(errors > 0 ? [countOf(errors, 'error')] : []),
  ].join(', ');
}

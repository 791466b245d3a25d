import { clockTime } from '@inventory/status/words';
import type { Summary } from './answers.ts';
import type { Problem } from './board-api.ts';

/** Why the page shows old figures, and how old they are; empty while they are fresh. */
export function staleText(
  problem: Pick<Problem, 'status' | 'message'> | null,
  summary: Pick<Summary, 'at' | 'stale'> | null,
): string {
  const why = staleBecause(problem, summary?.stale ?? false);
  return why === '' || summary === null ? why : `${why} What is shown is from ${clockTime(summary.at)}.`;
}

function staleBecause(problem: Pick<Problem, 'status' | 'message'> | null, stale: boolean): string {
  if (problem === null) return stale ? 'Redis does not answer, trying again.' : '';
  return problem.status === null ? 'Connection lost, trying again.' : `${problem.message} Trying again.`;
}

import type { Health } from '@inventory/status/health';
import { clockTime } from '@inventory/status/words';
import type { Summary } from './answers.ts';
import type { LatestSummary } from './board-api.ts';

/** Why the page shows old figures, and how old they are; null while they are fresh. */
export function staleHealth(
  problem: LatestSummary['problem'],
  summary: Pick<Summary, 'at' | 'stale'> | null,
): Health | null {
  const from = summary === null ? '' : clockTime(summary.at);
  const more = summary === null ? 'trying again' : `what is shown is from ${from}; trying again`;
  if (problem === null) {
    if (!summary?.stale) return null;
    const todo = { command: 'doctor', does: 'says whether it can be reached' };
    return { kind: 'stopped', what: `Redis has not answered since ${from}`, more, todo };
  }
  if (problem.status !== null) return { kind: 'stopped', what: problem.message.replace(/\.$/, ''), more, todo: null };
  const todo = { command: 'board', does: 'starts the board if it has ended' };
  return { kind: 'stopped', what: 'Connection lost', more, todo };
}

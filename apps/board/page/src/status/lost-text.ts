import type { Summary } from '../answers/summary.ts';
import type { BoardError } from '../ask/board-error.ts';
import { clockTime } from '../words/moment.ts';

/** Why what is shown is old, and from when it is; empty while it is fresh. */
export function lostText(
  lost: Pick<BoardError, 'status' | 'message'> | null,
  summary: Pick<Summary, 'at' | 'stale'> | null,
): string {
  const why = reasonOf(lost, summary?.stale ?? false);
  if (why === '' || summary === null) return why;
  return `${why} What is shown is from ${clockTime(summary.at)}.`;
}

function reasonOf(lost: Pick<BoardError, 'status' | 'message'> | null, stale: boolean): string {
  if (lost === null) return stale ? 'Redis does not answer, trying again.' : '';
  return lost.status === null ? 'Connection lost, trying again.' : `${lost.message} Trying again.`;
}

import { phaseOf, type RunRecord } from '@inventory/checkpoints';

/** The runs that are not over; where all are, the latest one. @param runs the latest last */
export function currentRuns(runs: readonly RunRecord[]): RunRecord[] {
  const going = runs.filter((run) => phaseOf(run) !== 'over');
  return going.length > 0 ? going : runs.slice(-1);
}

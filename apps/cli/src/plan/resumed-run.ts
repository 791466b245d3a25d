import { phaseOf, type RunRecord } from '@inventory/checkpoints';

/** The interrupted run that a start with this selection would go on with, or null. @param runs the latest last */
export function resumedRun(runs: readonly RunRecord[], selection: string): RunRecord | null {
  const latest = runs.findLast((run) => run.selection === selection);
  return latest === undefined || phaseOf(latest) === 'over' ? null : latest;
}

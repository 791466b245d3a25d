import type { RunRecord } from '@inventory/checkpoints';

const shown = 20;

/** The last 20 runs that are over, the latest first. @param runs the latest last */
export function pastRuns(runs: readonly RunRecord[]): RunRecord[] {
  return runs
    .filter(({ listed, open }) => listed && open === 0)
    .slice(-shown)
    .reverse();
}

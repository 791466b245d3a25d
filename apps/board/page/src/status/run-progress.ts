import type { Summary } from '../answers/summary.ts';

export interface RunProgress {
  readonly done: number;
  readonly selected: number;
  /** Whether all of the workspaces' tests are known. */
  readonly listed: boolean;
}

/** How far the runs that are going on have come, together. */
export function runProgress({ runs }: Pick<Summary, 'runs'>): RunProgress {
  const going = runs.filter(({ open, listed, finishedAt }) => open > 0 || (!listed && finishedAt === null));
  const selected = going.reduce((sum, run) => sum + run.selected, 0);
  const open = going.reduce((sum, run) => sum + run.open, 0);
  return { done: selected - open, selected, listed: going.every(({ listed }) => listed) };
}

import type { RunRecord } from '@inventory/checkpoints';
import { categories } from '@inventory/classification';
import { countOf } from '../answer/count-of.ts';
import { clockTime } from '../progress/clock-time.ts';
import { selectionName } from './run-line.ts';

/** A run that is over in one line: when, what became of its tests, and whether the files passed. @param now epoch ms */
export function pastRunLine({ selection, startedAt, finishedAt, ...run }: RunRecord, now: number): string {
  const ended = finishedAt === undefined ? '' : ` to ${clockTime(finishedAt, now)}`;
  const parts = [countOf(run.selected, 'test'), ...outcomeTexts(run)].join(', ');
  return `${clockTime(startedAt, now)}${ended}, ${selectionName(selection)}: ${parts}; ${checked(run.verified)}`;
}

/** By type, in the order in which types are shown everywhere; errors last. */
function outcomeTexts({ outcomes }: Pick<RunRecord, 'outcomes'>): string[] {
  const decided = categories.map((category) => [outcomes[category] ?? 0, category] as const);
  const errors = outcomes['error'] ?? 0;
  return [
    ...decided.filter(([count]) => count > 0).map(([count, category]) => `${count} ${category}`),
    ...(errors > 0 ? [countOf(errors, 'error')] : []),
  ];
}

function checked(verified: boolean | undefined): string {
  if (verified === undefined) return 'files not checked yet';
  return verified ? 'files passed' : 'files did not pass: npm run verify';
}

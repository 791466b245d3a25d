import type { RunRecord } from '@inventory/checkpoints';
import { countOf } from '../answer/count-of.ts';
import { clockTime } from '../progress/clock-time.ts';
import { selectionName } from './run-line.ts';

/** A run that is over in one line: when, what became of its tests, and whether the files passed. @param now epoch ms */
export function pastRunLine({ selection, startedAt, finishedAt, ...run }: RunRecord, now: number): string {
  const ended = finishedAt === undefined ? '' : ` to ${clockTime(finishedAt, now)}`;
  const outcomes = Object.entries(run.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  const parts = [countOf(run.selected, 'test'), ...outcomes].join(', ');
  return `${clockTime(startedAt, now)}${ended}, ${selectionName(selection)}: ${parts}; ${checked(run.verified)}`;
}

function checked(verified: boolean | undefined): string {
  if (verified === undefined) return 'files not checked yet';
  return verified ? 'files passed' : 'files did not pass: npm run verify';
}

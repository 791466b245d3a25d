import { phaseOf, type RunRecord } from '@inventory/checkpoints';
import { countOf } from '../answer/count-of.ts';
import { clockTime } from '../progress/clock-time.ts';

/** A run in one line. @param now epoch ms */
export function runLine(run: RunRecord, now: number): string {
  const { selection, startedAt, selected, open, finishedAt } = run;
  const started = `${selectionName(selection)}, started ${clockTime(startedAt, now)}`;
  const done = `${(selected - open).toLocaleString('en-US')} of ${countOf(selected, 'test')} done`;
  const phase = phaseOf(run);
  if (phase === 'listing') return `${started}: ${done}, not listed to the end yet`;
  if (phase === 'working') return `${started}: ${done}`;
  return `${started}: all ${countOf(selected, 'test')} done${finishedAt === undefined ? '' : `, ended ${clockTime(finishedAt, now)}`}`;
}

/** The selection of a run in words. */
export function selectionName(selection: string): string {
  if (selection === 'all') return 'all workspaces';
  if (selection === 'retry') return 'retry of errors';
  if (selection === 'reclassify') return 'reclassification';
  if (selection.startsWith('audit ')) return 'audit';
  return countOf(selection.split(',').length, 'workspace');
}

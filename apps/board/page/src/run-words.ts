import { progressOf } from '@inventory/status/run-words';
import { countOf, numberText } from '@inventory/status/words';
import type { Run, Workspace } from './answers.ts';

/** How much of a run is done: `all 1,204 tests`, `56 of 300 tests done`. An error is not. */
export function workText(run: Run): string {
  const { selected, open, listed } = run;
  const tests = countOf(selected, 'test');
  if (!listed && open === 0) return `${tests}, still listing`;
  if (selected === 0) return 'nothing to do';
  const { done } = progressOf([run], open);
  return done === selected ? `all ${tests}` : `${numberText(done)} of ${tests} done`;
}

/** Which tests a run was for. @param selection as the API has it */
export function selectionText(selection: string, workspaces: readonly Workspace[]): string {
  if (selection === 'all') return 'All workspaces';
  if (selection === 'retry') return 'Retry of errors';
  if (selection === 'reclassify') return 'Reclassification';
  if (selection.startsWith('audit ')) return 'Audit';
  const name = workspaces.find(({ uuid }) => uuid === selection)?.name;
  return name || countOf(selection.split(',').length, 'workspace');
}

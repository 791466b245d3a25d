import { progressOf } from '@inventory/status/run-words';
import { countOf, numberText } from '@inventory/status/words';
import { type Run, typeNames, types, type Workspace } from './answers.ts';

/** How much of a run is done: `all 1,204 tests`, `56 of 300 tests done`. */
export function workText(run: Run): string {
  const { selected, open, listed } = run;
  const tests = countOf(selected, 'test');
  if (open > 0) return `${numberText(progressOf([run], open).done)} of ${tests} done`;
  if (!listed) return `${tests}, still listing`;
  return selected === 0 ? 'nothing to do' : `all ${tests}`;
}

/** The results of a run: `12 Survey, 3 ClassicUT, 1 error`; empty where there are none. */
export function outcomesText({ outcomes }: Pick<Run, 'outcomes'>): string {
  const errors = outcomes['error'] ?? 0;
  return [
    ...types.flatMap((type) => {
      const count = outcomes[type] ?? 0;
      return count > 0 ? [`${numberText(count)} ${typeNames[type]}`] : [];
    }),
    ...(errors > 0 ? [countOf(errors, 'error')] : []),
  ].join(', ');
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

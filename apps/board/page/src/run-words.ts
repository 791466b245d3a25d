import { countOf, numberText, timeLeft } from '@inventory/status/words';
import { type PastRun, typeNames, types, type Workspace } from './answers.ts';

/** How much a run did and how long it took: `1,204 tests in 8 h 04 min`. */
export function workText({ selected, started_at, finished_at }: PastRun): string {
  if (selected === 0) return 'nothing to do';
  const tests = countOf(selected, 'test');
  if (started_at === null || finished_at === null) return tests;
  return `${tests} in ${timeLeft(Date.parse(finished_at) - Date.parse(started_at))}`;
}

/** The results of a run: `12 Survey, 3 ClassicUT, 1 error`; empty where there are none. */
export function outcomesText({ outcomes }: PastRun): string {
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

import type { WorkspaceCounts } from '../answers/summary.ts';
import { countOf } from '../words/count.ts';

/** What a run took up, in words. @param selection as the API has it */
export function selectionText(selection: string, workspaces: readonly WorkspaceCounts[]): string {
  if (selection === 'all') return 'All workspaces';
  if (selection === 'retry') return 'Retry of errors';
  if (selection === 'reclassify') return 'Reclassification';
  if (selection.startsWith('audit ')) return 'Audit';
  const uuids = selection.split(',');
  const only = uuids.length === 1 ? workspaces.find(({ uuid }) => uuid === selection)?.name : undefined;
  return only || countOf(uuids.length, 'workspace');
}

import { join } from 'node:path';
import type { RunRecord, Totals } from '@inventory/checkpoints';
import { type Category, categories, platformOf } from '@inventory/classification';
import { displayPath } from '../display-path.ts';
import { stateFileNames } from '../state-file-names.ts';

export interface SummarizeOptions {
  /** Of the whole library (`inventory.totals()`). */
  readonly totals: Totals;
  /** The run whose share is shown in brackets; null for none. */
  readonly run: Pick<RunRecord, 'outcomes'> | null;
  readonly stateDir: string;
  /** Paths inside this folder are shown relative to it; by default the current one. */
  readonly cwd?: string;
}

const ruler = '='.repeat(60);

/** The lines of the summary at the end of a run, in the tutorial's words. */
export function summarize({ totals, run, stateDir, cwd }: SummarizeOptions): string[] {
  const count = (category: Category): number => totals.byCategory[category] ?? 0;
  const line = (label: string, category: Category): string => {
    const share = run === null ? '' : ` (this run: ${run.outcomes[category] ?? 0})`;
    return `  ${label}: ${count(category)}${share}`;
  };
  const lineIfAny = (label: string, category: Category): string[] =>
    count(category) > 0 ? [line(label, category)] : [];
  const sum = (wanted: readonly Category[]): number => wanted.reduce((total, category) => total + count(category), 0);
  const undecided = totals.tests - sum(categories);
  const path = (name: string): string => displayPath(join(stateDir, name), cwd);
  return [
    '',
    ruler,
    'Done. Processing complete.',
    ruler,
    `UTZ total: ${sum(categories.filter((category) => platformOf(category) === 'UTZ'))}`,
    `ClassicUT total: ${count('ClassicUT')}`,
    '',
    'Classifications:',
    line('Interaction tests', 'interaction test'),
    line('Think-out-loud tests', 'think-out-loud test'),
    line('Surveys', 'survey'),
    line('ClassicUT tests', 'ClassicUT'),
    ...lineIfAny('Live conversations (UTZ, no test_type)', 'live conversation'),
    ...lineIfAny('UTZ tests without sessions (looked at again in the next run)', 'no sessions'),
    ...(undecided > 0 ? [`  Undecided tests (in no list file): ${undecided}`] : []),
    '',
    '✓ Results saved to:',
    `  - ${path(stateFileNames.utz)} (UTZ tests with test_type field)`,
    `  - ${path(stateFileNames.classic)} (ClassicUT tests)`,
    ...(totals.errors > 0 ? [`  - ${path(stateFileNames.errors)} (Errors encountered)`] : []),
  ];
}

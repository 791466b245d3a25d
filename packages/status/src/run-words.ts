import type { ChangeCounts, ListedKind, RunJson } from '@inventory/checkpoints';
import { categories } from '@inventory/classification';
import type { ChangeJson, RunReport } from './runs.ts';
import { countOf, numberText, timeLeft } from './words.ts';

/**
 * Runs and what they change, in words for people: the same in the terminal, on the board's page and in notifications.
 * Pure, without Node: the page bundles it.
 */

/** Which tests a run was for: `all workspaces`, `3 workspaces`, `retry of errors`. @param selection of its record */
export function selectionText(selection: string): string {
  if (selection === 'all') return 'all workspaces';
  if (selection === 'retry') return 'retry of errors';
  if (selection === 'reclassify') return 'reclassification';
  if (selection.startsWith('audit ')) return 'audit';
  return countOf(selection.split(',').length, 'workspace');
}

export type RunCounts = Pick<RunJson, 'selected' | 'shared' | 'open' | 'outcomes'>;

/** How far runs are together. A test that several of them wait for counts once, and an error is not done. */
export interface RunsProgress {
  readonly selected: number;
  readonly done: number;
  readonly errors: number;
}

/**
 * How far the current runs are together.
 * @param runs those that are not over
 * @param open how many tests wait for an outcome, whichever run waits
 * @param known how many tests have an error, whichever run found it: several runs count a test that they share
 */
export function progressOf(runs: readonly RunCounts[], open: number, known = Number.POSITIVE_INFINITY): RunsProgress {
  const own = runs.reduce((sum, { selected, shared }) => sum + selected - shared, 0);
  // Where the run that shared them is over, they are this one's alone.
  const selected = runs.length === 0 ? 0 : Math.max(own, open, ...runs.map((run) => run.selected));
  const failed = runs.reduce((sum, { outcomes }) => sum + (outcomes['error'] ?? 0), 0);
  const ended = Math.max(0, selected - open);
  const errors = Math.min(failed, ended, known);
  return { selected, done: ended - errors, errors };
}

/** What became of the tests of a run: `12 surveys`, `3 ClassicUT`, in the order of the types; errors last. */
export function outcomeTexts({ outcomes }: Pick<RunJson, 'outcomes'>): string[] {
  return [...categories, 'error'].flatMap((outcome) => {
    const count = outcomes[outcome] ?? 0;
    if (count === 0) return [];
    if (outcome === 'no sessions') return `${numberText(count)} without sessions`;
    return outcome === 'ClassicUT' ? `${numberText(count)} ClassicUT` : countOf(count, outcome);
  });
}

/** How many tests changed, for each kind of change: `12 new tests`. */
export const kindTexts: Readonly<Record<ListedKind, (count: number) => string>> = {
  new: (count) => countOf(count, 'new test'),
  classified: (count) => `${numberText(count)} newly classified`,
  type_changed: (count) => `${numberText(count)} with another type`,
  unlisted: (count) => `${numberText(count)} no longer listed`,
  listed_again: (count) => `${numberText(count)} listed again`,
  error_new: (count) => countOf(count, 'new error'),
  error_gone: (count) => `${countOf(count, 'error')} gone`,
};

const kinds = Object.keys(kindTexts) as ListedKind[];

/** What a run has changed: `12 new tests`, `10 newly classified`, in this order; none where nothing has. */
export function changeTexts(changes: ChangeCounts): string[] {
  return kinds.flatMap((kind) => (changes[kind] > 0 ? [kindTexts[kind](changes[kind])] : []));
}

/** A changed test in one line: `How was it? (5f0c…): survey → interaction test (video available)`. */
export function changedTest({
  test_uuid,
  title,
  workspace_uuid,
  workspace_name,
  from,
  to,
  because,
  error,
}: ChangeJson): string {
  const name =
    test_uuid === null
      ? `workspace ${workspace_name ?? ''} (${workspace_uuid})`
      : title
        ? `${title} (${test_uuid})`
        : test_uuid;
  const type = to === null ? '' : from === null ? to : `${from} → ${to}`;
  const why = [type, ...(because === null ? [] : [`(${because})`]), ...(error === null ? [] : [error])];
  const text = why.filter((part) => part !== '').join(' ');
  return text === '' ? name : `${name}: ${text}`;
}

/**
 * What a run has changed, as lines for a terminal: a head, a line for each kind, and below it the tests of the report.
 * None for a run of an older version, which has not recorded it.
 */
export function changeLines({ run, tests, complete }: RunReport): string[] {
  const { changes } = run;
  if (changes === null) return [];
  const effort = effortText(run);
  const head = `What changed${effort === '' ? '' : ` (${effort})`}:`;
  const counted = kinds.filter((kind) => changes[kind] > 0);
  if (counted.length === 0) return [`${head} nothing`];
  const lines = counted.flatMap((kind) => {
    const listed = tests[kind] ?? [];
    const more = changes[kind] - listed.length;
    return [
      `  ${kindTexts[kind](changes[kind])}`,
      ...listed.map((change) => `    ${changedTest(change)}`),
      ...(listed.length > 0 && more > 0 ? [`    … and ${numberText(more)} more`] : []),
    ];
  });
  return [
    head,
    ...lines,
    ...(complete ? [] : ['  [INFO] Some of these tests are no longer kept, though they are counted.']),
  ];
}

/** What a run took: `2 h 05 min, 1,204 requests, 3 × 429`; what is not known is left out. */
export function effortText({
  duration_ms,
  requests,
  throttled,
}: Pick<RunJson, 'duration_ms' | 'requests' | 'throttled'>): string {
  return [
    ...(duration_ms === null ? [] : [timeLeft(duration_ms)]),
    ...(requests === null ? [] : [countOf(requests, 'request')]),
    ...(throttled === null ? [] : [throttled === 0 ? 'no 429' : `${numberText(throttled)} × 429`]),
  ].join(', ');
}

import type { Summary, TestDetail, TestsPage } from '@inventory/board';
import type { RunReport } from '@inventory/status';

export type { RunReport, Summary, TestDetail, TestsPage };
export type TestRow = TestsPage['tests'][number];
export type Workspace = Summary['workspaces'][number];
export type Run = Summary['history'][number];

/** Names of the types for people, in the order in which types are shown. */
export const typeNames = {
  'interaction test': 'Interaction test',
  'think-out-loud test': 'Think-out-loud test',
  survey: 'Survey',
  'live conversation': 'Live conversation',
  'no sessions': 'No sessions yet',
  ClassicUT: 'ClassicUT',
  undecided: 'Undecided',
};

/** What the page calls the type of a test: its verdict's category, or `undecided`. */
export type Type = keyof typeof typeNames;

export const types = Object.keys(typeNames) as readonly Type[];

/** How many tests are of each type. */
export type TypeCounts = Readonly<Partial<Record<Type, number>>>;

/** The class that gives an element the colour of a type: `type-think-out-loud-test`. */
export function typeClass(type: Type): string {
  return `type-${type.toLowerCase().replaceAll(' ', '-')}`;
}

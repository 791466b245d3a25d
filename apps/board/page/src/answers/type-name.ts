import type { Type } from './type.ts';

const names: Readonly<Record<Type, string>> = {
  'interaction test': 'Interaction test',
  'think-out-loud test': 'Think-out-loud test',
  survey: 'Survey',
  'live conversation': 'Live conversation',
  'no sessions': 'No sessions yet',
  ClassicUT: 'ClassicUT',
  undecided: 'Undecided',
};

/** A type as the page shows it. */
export function typeName(type: Type): string {
  return names[type];
}

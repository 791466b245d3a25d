/** What a test can be, in the order in which types are shown; `undecided` is none of them yet. */
export const types = [
  'interaction test',
  'think-out-loud test',
  'survey',
  'live conversation',
  'no sessions',
  'ClassicUT',
  'undecided',
] as const;
export type Type = (typeof types)[number];

/** How many tests are of each type. */
export type TypeCounts = Readonly<Partial<Record<Type, number>>>;

/** Columns that tests can be sorted by. */
export const sorts = ['title', 'type', 'workspace', 'orderedAt', 'decidedAt', 'uuid'] as const;
export type Sort = (typeof sorts)[number];

/** Which tests are shown, and in which order. Empty texts filter nothing. */
export interface Listing {
  readonly q: string;
  readonly workspace: string;
  readonly platform: string;
  readonly type: string;
  readonly certainty: string;
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
  /** Where the page begins; empty for the first one. */
  readonly cursor: string;
  /** Number of the page, from 1. */
  readonly page: number;
}

/** All tests, newest first. */
export const allTests: Listing = {
  q: '',
  workspace: '',
  platform: '',
  type: '',
  certainty: '',
  sort: 'orderedAt',
  order: 'desc',
  cursor: '',
  page: 1,
};

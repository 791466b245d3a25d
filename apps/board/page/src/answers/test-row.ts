import type { TestsPage } from '@inventory/board';

export type { TestsPage };
/** One row of a page of tests. */
export type TestRow = TestsPage['tests'][number];

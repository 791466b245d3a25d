import type { TestDetail } from '@inventory/board';

export type { TestDetail };
/** What the Results API answered to one question. */
export type ProbeAnswer = TestDetail['answers'][number];

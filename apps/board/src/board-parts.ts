import type { TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import type { IndexKeeper } from './inventory/index-keeper.ts';
import type { TestIndex } from './inventory/test-index.ts';

/** What the board's answers are made from. */
export interface BoardParts {
  readonly runtime: Runtime;
  readonly index: TestIndex;
  readonly keeper: IndexKeeper;
  readonly queue: TestQueue;
}

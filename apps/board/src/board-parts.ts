import type { Home } from '@inventory/process';
import type { TestQueue } from '@inventory/queue';
import type { IndexKeeper } from './inventory/index-keeper.ts';
import type { TestIndex } from './inventory/test-index.ts';

/** What the board's answers are made from. */
export interface BoardParts {
  readonly home: Home;
  readonly index: TestIndex;
  readonly keeper: IndexKeeper;
  readonly queue: TestQueue;
}

export { RunLostError, SchemaVersionError } from './errors.ts';
export type { ImportedTest } from './import-checkpoint.ts';
export type { Inventory, InventoryTest, Totals } from './inventory.ts';
export type { ListingCheckpoint, PageTest, Selected } from './listing-checkpoint.ts';
export { type Checkpoints, openCheckpoints } from './open-checkpoints.ts';
export type { Failure, NewVerdict } from './outcome.ts';
export type { Outcome, OutcomeFeed } from './outcome-feed.ts';
export {
  type ErrorRecord,
  errorTypes,
  type ListingRecord,
  type RunRecord,
  type WorkspaceRecord,
} from './records.ts';
export type { Runs, StartedRun } from './runs.ts';
export type { TestCheckpoint, TestState } from './test-checkpoint.ts';

export { RunLostError, SchemaVersionError } from './errors.ts';
export type { ImportedTest } from './import-checkpoint.ts';
export type { InventoryTest, Totals } from './inventory.ts';
export type { PageTest, Selected } from './listing-checkpoint.ts';
export { type Checkpoints, openCheckpoints } from './open-checkpoints.ts';
export type { Failure, NewVerdict } from './outcome.ts';
export {
  type ErrorRecord,
  errorTypes,
  type ListingRecord,
  type RunRecord,
  type WorkspaceRecord,
} from './records.ts';
export type { StartedRun } from './runs.ts';
export type { TestState } from './test-checkpoint.ts';

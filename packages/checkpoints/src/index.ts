export { type Change, ChangesDroppedError, fromTheStart, isCursor } from './changes.ts';
export { Checkpoints } from './checkpoints.ts';
export type { AskedControl, ControlReason, ControlResult, Controls } from './controls.ts';
export { RunLostError } from './errors.ts';
export type { ImportedTest } from './import.ts';
export type { Inventory, InventoryTest, TestRecord, Totals } from './inventory.ts';
export { keptOutcomes, streakLimit, testKey, unconfirmedFrom } from './keys.ts';
export type { Forgotten, ReevaluatedTest } from './known-tests.ts';
export type { PageTest } from './listing.ts';
export type { Outcome, OutcomeFeed } from './outcomes.ts';
export type { Reconciled } from './reconcile.ts';
export {
  type AuditRecord,
  type ChangeKind,
  changeKinds,
  type ErrorRecord,
  endOf,
  errorTypes,
  type Failure,
  type ListingRecord,
  phaseOf,
  type RunRecord,
  type WorkspaceRecord,
} from './records.ts';
export {
  type ChangeCounts,
  type ListedKind,
  listedKinds,
  type RequestSums,
  type RunJson,
  runJson,
} from './run-json.ts';
export type { Runs, StartedRun } from './runs.ts';
export type { TestCheckpoint, TestState, Tries } from './test-checkpoint.ts';

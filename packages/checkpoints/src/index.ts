export { auditTests, readAudited } from './audit-tests.ts';
export type { AskedControl, ControlJudgement, ControlQuestion, ControlReason, Controls } from './controls.ts';
export { RulesChangedError, RunLostError, SchemaVersionError, UnknownRulesError } from './errors.ts';
export { evidenceLife } from './evidence-life.ts';
export { findTests } from './find-tests.ts';
export { forgetEverything } from './forget-everything.ts';
export { type Forgotten, forgetTests } from './forget-tests.ts';
export type { ImportedTest } from './import-checkpoint.ts';
export type { Inventory, InventoryTest, Totals } from './inventory.ts';
export { isInUse } from './is-in-use.ts';
export { lastVerdictAt } from './last-verdict-at.ts';
export type { ListingCheckpoint, PageTest, Selected } from './listing-checkpoint.ts';
export { type Checkpoints, openCheckpoints } from './open-checkpoints.ts';
export type { Failure, NewVerdict } from './outcome.ts';
export { fullTake, keptOutcomes, type Outcome, type OutcomeFeed } from './outcome-feed.ts';
export { readTestRecords, type TestRecord } from './read-test-records.ts';
export { type JudgedTest, type Reclassified, reclassifyTests } from './reclassify-tests.ts';
export { type Reconciled, reconcile } from './reconcile.ts';
export {
  type AuditRecord,
  type ErrorRecord,
  errorTypes,
  type ListingRecord,
  phaseOf,
  type RunPhase,
  type RunRecord,
  type WorkspaceRecord,
} from './records.ts';
export { retryTests } from './retry-tests.ts';
export { chooseRules, readRules } from './rules-in-force.ts';
export type { Runs, StartedRun } from './runs.ts';
export { scanErrors } from './scan-errors.ts';
export { streakLimit, unconfirmedFrom } from './streak.ts';
export type { TestCheckpoint, TestState, Tries } from './test-checkpoint.ts';

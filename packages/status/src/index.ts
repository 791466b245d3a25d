export { decisionTree } from './decision-tree.ts';
export { certaintySays, endpointNames, knownAnswers, ruleSays, testDetail, weakVerdictLines } from './evidence.ts';
export {
  circuitJson,
  circuitNext,
  circuitTrouble,
  circuitWords,
  healthOf,
  healthText,
  pauseWords,
  type StallReason,
  sentence,
} from './health.ts';
export { type ChangeJson, type RunReport, readChanges, readRequestSums, readRun, readRuns } from './runs.ts';
export {
  errorFacts,
  errorGroups,
  forecastRun,
  readShortStatus,
  readStatus,
  type ShortStatus,
  type Status,
  statusJson,
} from './status.ts';

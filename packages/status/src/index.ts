export { certaintySays, weakVerdictLines } from './certainty.ts';
export { circuitJson, circuitNext, circuitTrouble, circuitWords } from './circuit.ts';
export { decisionTree } from './decision-tree.ts';
export { errorFacts, errorGroups } from './errors.ts';
export { endpointNames, knownAnswers, ruleSays } from './evidence.ts';
export { healthOf, healthText, pauseWords, type StallReason, sentence } from './health.ts';
export { type ChangeJson, type RunReport, readChanges, readRequestSums, readRun, readRuns } from './runs.ts';
export { forecastRun, readShortStatus, readStatus, type ShortStatus, type Status, statusJson } from './status.ts';
export { testDetail } from './test-detail.ts';

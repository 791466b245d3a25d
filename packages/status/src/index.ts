export { certaintySays, weakVerdictLines } from './certainty.ts';
export { circuitJson, circuitWords } from './circuit.ts';
export { errorFacts } from './errors.ts';
export { endpointNames, knownAnswers, offersOf, ruleSays } from './evidence.ts';
export { forecastRun, readShortStatus, readStatus, type ShortStatus, type Status, statusJson } from './status.ts';

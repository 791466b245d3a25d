export { type DurationTotals, readWorkTotals, type WorkTotals } from './read-work-totals.ts';
export { type HandOver, type HandOverOptions, startHandOver } from './start-hand-over.ts';
export { type EndedRequest, type Pause, WorkCounts } from './work-counts.ts';

export { type EndedRequest, type Pause, WorkCounts } from './work-counts.ts';
export { type DurationTotals, readWorkTotals, type WorkTotals } from './work-totals.ts';

export { WorkCounts } from './work-counts.ts';
export { readWorkTotals, type WorkTotals } from './work-totals.ts';

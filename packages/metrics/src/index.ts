export { readWorkTotals, WorkCounts, type WorkTotals } from './work-counts.ts';

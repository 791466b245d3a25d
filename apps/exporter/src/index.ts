export { Exporter, writeOnce } from './exporter.ts';
export { runReport } from './report-runs.ts';

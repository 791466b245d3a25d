export { Exporter, writeOnce } from './exporter.ts';
export { exporterCommand, keepUpToDate } from './exporter-command.ts';
export { Notifier, sendTest } from './notify/index.ts';
export { readChanged, runReport } from './report-runs.ts';
export { tapCommand } from './tap-command.ts';

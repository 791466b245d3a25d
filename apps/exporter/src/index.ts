export { type RunningExporter, startExporter } from './start-exporter.ts';
export { writeOnce } from './write-once.ts';

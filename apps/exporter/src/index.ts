export { type RunningExporter, startExporter } from './start-exporter.ts';

export { Exporter, writeOnce } from './exporter.ts';

export { exportToPostgres } from './export-table.ts';

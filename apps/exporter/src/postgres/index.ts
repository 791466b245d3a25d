export { assertAddress } from './database.ts';
export { exportToPostgres } from './export-table.ts';

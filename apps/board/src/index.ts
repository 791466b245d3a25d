export type { Summary } from './api/summary-schema.ts';
export type { TestDetail } from './api/test-detail.ts';
export type { TestsPage } from './api/tests.ts';
export { openBrowser, sayWhere } from './browser.ts';
export { boardCommand, type RunningBoard, startBoard } from './start-board.ts';

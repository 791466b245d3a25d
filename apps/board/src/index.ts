export type { Summary } from './api/summary-schema.ts';
export type { TestDetail } from './api/test-detail.ts';
export type { TestsPage } from './api/tests.ts';
export { boardCommand } from './board-command.ts';
export { openBrowser, sayWhere } from './browser.ts';
export { type RunningBoard, startBoard } from './start-board.ts';

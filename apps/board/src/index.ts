export type { Summary } from './api/summary-schema.ts';
export type { TestDetail } from './api/test-schema.ts';
export type { TestsPage } from './api/tests-schema.ts';
export { type RunningBoard, type StartBoardOptions, startBoard } from './start-board.ts';

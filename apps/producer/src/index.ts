export { fillCheckpoints } from './enqueue-library.ts';
export { beginRun, produce } from './produce.ts';
export { producerCommand } from './producer-command.ts';
export { checkScheduleOptions, readCron, readTimeZone, type ScheduleOptions, scheduleLibrary } from './schedule.ts';
export {
  addWorkspaceOptions,
  checkWorkspaceOptions,
  chooseWorkspaces,
  type Selection,
  selectAll,
  type WorkspaceOptions,
  workspaceOption,
} from './workspaces.ts';

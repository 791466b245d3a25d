export { cronProblem } from './cron-problem.ts';
export { dropJobs } from './drop-jobs.ts';
export { type KeepScheduleOptions, keepSchedule } from './keep-schedule.ts';
export { type AttachedProcess, Pace, type Pause, type Permit } from './pace.ts';
export { type PaceStatus, readPaceStatus } from './pace-status.ts';
export { requeueOpen } from './requeue-open.ts';
export type { Activation } from './run-job.ts';
export { type Slots, type SlotsOptions, startSlots } from './start-slots.ts';
export { type JobCounts, TestQueue } from './test-queue.ts';

export { startWorker } from './worker.ts';
export { workerCommand } from './worker-command.ts';

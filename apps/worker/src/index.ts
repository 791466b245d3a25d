export { startWorker } from './worker.ts';
export { runWorker, workerCommand } from './worker-command.ts';

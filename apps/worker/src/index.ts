export { runWorker, startWorker, workerCommand } from './worker.ts';

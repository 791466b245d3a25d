export { Notifier } from './notifier.ts';
export { sendTest } from './send.ts';

import { createHash } from 'node:crypto';

/**
 * Name of the queue that holds the schedule of one selection of workspaces; none of them is the queue of tests, so a
 * scheduled run costs no turn of the limit. Only who keeps this very schedule looks into it.
 * @param selection `all`, or what names the chosen workspaces; of any length
 */
export function scheduleQueueName(selection: string): string {
  if (selection === 'all') return 'schedule';
  return `schedule-${createHash('sha256').update(selection).digest('hex').slice(0, 12)}`;
}

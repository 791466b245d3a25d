import type { LoggedRequest } from '@inventory/sandbox';
import type { Checklist } from './checklist.ts';

/** Requests that one worker may have on their way (WORKER_SLOTS). */
const inFlight = 6;

/**
 * Whether hardly anything was asked twice: of each worker that had a failure at most what it had on its way.
 * @param failures how many workers had one
 */
export function checkRepeats(requests: readonly LoggedRequest[], failures: number, list: Checklist): void {
  const questions = new Set(requests.map(({ testUuid, endpoint }) => `${testUuid} ${endpoint}`));
  const repeated = requests.length - questions.size;
  list.note(`${requests.length} requests for ${questions.size} questions`);
  const most = failures * inFlight;
  list.expect(`at most ${most} requests were made again, what was on its way`, repeated <= most, repeated);
}

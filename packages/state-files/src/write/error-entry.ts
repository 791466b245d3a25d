import type { ErrorRecord } from '@inventory/checkpoints';

/** An error as `errors.json` shows it; the order of keys counts, and `at` is an ISO 8601 time in UTC. */
export function errorEntry({ status, status_code, type, error, body, attempts, at }: ErrorRecord): object {
  return { status, status_code, type, error, body: body ?? null, attempts, at: new Date(at).toISOString() };
}

import type { Totals } from '@inventory/checkpoints';
import { type RequestForecast, requestForecast, ruleSets } from '@inventory/classification';

/** Requests still to come for open tests, and how long they take at the pace in force. */
export interface RunForecast {
  /** Whole requests: least, most likely, most. */
  readonly requests: RequestForecast;
  /** Time for the most likely number, ms, without pauses. */
  readonly ms: number;
}

/**
 * What open tests will still take. It follows from what is open and from the pace alone, so it is right after
 * a restart as well.
 * @param open tests without an outcome
 * @param intervalMs the interval in force
 */
export function forecastRun(
  open: number,
  { byRule, rules }: Pick<Totals, 'byRule' | 'rules'>,
  intervalMs: number,
): RunForecast {
  const { low, expected, high } = requestForecast({}, byRule, ruleSets[rules]);
  const requests = { low: open * low, expected: Math.round(open * expected), high: open * high };
  return { requests, ms: requests.expected * intervalMs };
}

import type { RequestForecast } from '@inventory/classification';
import type { PaceStatus } from '@inventory/queue';

/** How long requests take, and when they would have been made. Times in ms and epoch ms. */
export interface PlanTime {
  /** The interval that would be in force. */
  readonly intervalMs: number;
  /** Until everything would pause first, from now. */
  readonly pausedMs: number;
  readonly ms: RequestForecast;
  /** Null while the circuit is open: nobody knows when requests may start. */
  readonly endsAt: RequestForecast | null;
}

/**
 * The time that requests take at the configured interval, or at a longer one of a process that is attached.
 * @param now epoch ms of this machine
 */
export function planTime(requests: RequestForecast, configuredMs: number, pace: PaceStatus, now: number): PlanTime {
  const intervalMs = Math.max(configuredMs, ...pace.processes.map((other) => other.intervalMs));
  const pausedMs = pace.pause === null ? 0 : Math.max(0, pace.pause.until - pace.now);
  const each = (of: (count: number) => number): RequestForecast => ({
    low: of(requests.low),
    expected: of(requests.expected),
    high: of(requests.high),
  });
  const time = (count: number): number => (count === 0 ? 0 : count * intervalMs + pausedMs);
  return {
    intervalMs,
    pausedMs,
    ms: each(time),
    endsAt: pace.circuit === null ? each((count) => now + time(count)) : null,
  };
}

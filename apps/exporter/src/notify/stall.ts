import { healthOf, healthText, type ShortStatus, statusJson } from '@inventory/status';
import type { Stall } from './event.ts';

/** Why open tests wait, and whether that lasts long enough to be told. */
export interface SeenStall extends Pick<Stall, 'reason' | 'says'> {
  readonly isLong: boolean;
}

/** An outage of a few minutes ends by itself, ms. */
const outageIsLong = 600_000;
/** Workers that are replaced are away for a moment, ms. */
const absenceIsLong = 120_000;

/**
 * What keeps open tests from being classified; null when work goes on, or none waits.
 * @param from when a stall was first seen, epoch ms of Redis' clock
 */
export function stallOf(status: ShortStatus, from: number): SeenStall | null {
  const { totals, pace } = status;
  const { tests: total, open, unconfirmed } = totals;
  if (open === 0) return null;
  const facts = {
    ...statusJson({ ...status, schedules: [], errorsByType: {}, recentErrors: [] }),
    tests: { total, open, unconfirmed },
  };
  const health = healthOf(facts, pace.now);
  if (health.kind !== 'stopped' && pace.circuit === null) return null;
  const says = healthText(health);
  if (pace.held !== null) return { reason: 'held', says, isLong: true };
  const lasts = pace.now - from >= absenceIsLong;
  if (pace.processes.length === 0) return { reason: 'no_worker', says, isLong: lasts };
  if (pace.circuit === null) return { reason: 'no_request', says, isLong: lasts };
  const isLong = pace.circuit.cause === 'controls' || pace.now - pace.circuit.since >= outageIsLong;
  return { reason: 'circuit', says, isLong };
}

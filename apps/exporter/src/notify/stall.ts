import { healthOf, healthText, type ShortStatus, type StallReason, statusJson } from '@inventory/status';
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
  if (health.stall === undefined) return null;
  return { reason: health.stall, says: healthText(health), isLong: isLong(health.stall, pace, from) };
}

function isLong(reason: StallReason, { now, circuit }: ShortStatus['pace'], from: number): boolean {
  if (reason === 'held') return true;
  if (reason !== 'circuit') return isOver(from, absenceIsLong, now);
  return circuit !== null && (circuit.cause === 'controls' || isOver(circuit.since, outageIsLong, now));
}

/** Whether so much time has passed. A later moment is from before Redis' clock was set back: nobody knows how long ago. */
export function isOver(since: number, ms: number, now: number): boolean {
  return now < since || now - since >= ms;
}

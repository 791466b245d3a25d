import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../world/world.ts';

/**
 * A run that does nothing at all for so long is stuck: longer than the locks of a killed worker and the longest
 * back-off. A slow machine makes a run slow, not still, so the time as such proves nothing.
 */
const stillMs = 60_000;
const lookEveryMs = 50;

/** Waits until something holds. @returns false when nothing has moved for a minute and it still does not hold */
export async function patiently(world: World, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  let last = '';
  let movedAt = performance.now();
  while (!(await holds())) {
    const now = movement(world);
    if (now !== last) movedAt = performance.now();
    last = now;
    if (performance.now() - movedAt > stillMs) return false;
    await sleep(lookEveryMs);
  }
  return true;
}

/** Anything that changes while work goes on: requests of all kinds, and what processes print. */
function movement({ account, troupe }: World): string {
  const printed = troupe.actors.reduce((sum, { program }) => sum + program.stdout().length, 0);
  return `${account.sandbox.requests().length} ${troupe.actors.length} ${printed}`;
}

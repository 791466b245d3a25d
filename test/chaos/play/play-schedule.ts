import { setTimeout as sleep } from 'node:timers/promises';
import { perform } from './perform.ts';
import { resultsRequests, type Stage } from './stage.ts';

const lookEveryMs = 20;
/** An event whose request does not come is due when there has been no request at all for so long. */
const patienceMs = 1_200;
/** The first request comes after processes have started and listed. */
const firstPatienceMs = 5_000;

/** Starts the cast and does what the plan says, each event in its time. Ends when all of it is over. */
export async function playSchedule(stage: Stage): Promise<void> {
  const { plan, world } = stage;
  for (const { fault } of plan.permanent) world.account.sandbox.faults.add(fault);
  for (const role of plan.cast) world.troupe.join(role);
  const acts: Promise<void>[] = [];
  for (const { atRequest, delayMs, act } of plan.events) {
    await requestsMade(stage, atRequest);
    await sleep(delayMs);
    const done = perform(act, stage);
    done.catch(() => undefined);
    acts.push(done);
  }
  await Promise.all(acts);
}

/** Waits for a request, unless all is done or nothing moves. */
async function requestsMade({ world }: Stage, wanted: number): Promise<void> {
  let made = 0;
  let movedAt = performance.now();
  while (
    made < wanted &&
    performance.now() - movedAt < (made === 0 ? firstPatienceMs : patienceMs) &&
    !world.troupe.done()
  ) {
    const now = resultsRequests(world).length;
    if (now > made) movedAt = performance.now();
    made = now;
    await sleep(lookEveryMs);
  }
}

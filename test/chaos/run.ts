import { setTimeout as sleep } from 'node:timers/promises';
import { type LoggedRequest, resultsRequests as resultsOf } from '@inventory/sandbox';
import type { Plan } from './plan.ts';
import type { RedisWatch } from './watch.ts';
import type { World } from './world.ts';

/** Something that was done to a run. Times are epoch ms. */
export interface RunEvent {
  at: number;
  /** When what it broke was whole again; infinite while it is not. */
  until: number;
  what: string;
  /** `redis` is a death of it; `redis-changed` takes away or shifts something of what it knew. */
  kind: 'kill' | 'redis' | 'redis-changed' | 'other';
  /** How many requests were possibly in flight, and may be asked again because of it. */
  mayRepeat: number;
}

/** A plan that is carried out in its world. */
export interface Run {
  readonly plan: Plan;
  readonly world: World;
  readonly watch: RedisWatch;
  /** What has been done so far, in order. */
  readonly events: RunEvent[];
  /** What was wrong at a look in the middle of it. */
  readonly problems: string[];
}

/**
 * A run that does nothing at all for so long is stuck: longer than the locks of a killed worker and the longest
 * back-off. A slow machine makes a run slow, not still, so the time as such proves nothing.
 */
const stillMs = 60_000;
const lookEveryMs = 50;

/**
 * Waits until something holds. @returns false when it still does not hold after a minute without a request of any kind and
 * without a word of a process
 */
export async function patiently(world: World, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const { account, processes } = world;
  let last = '';
  let movedAt = performance.now();
  while (!(await holds())) {
    const printed = processes.all.map(({ program }) => program.stdout().length);
    const now = `${account.sandbox.requests().length} ${printed}`;
    if (now !== last) movedAt = performance.now();
    last = now;
    if (performance.now() - movedAt > stillMs) return false;
    await sleep(lookEveryMs);
  }
  return true;
}

/** The most Results requests that can be under way. */
export function requestsInFlight({ plan, world }: Run): number {
  return Number(plan.settings.WORKER_SLOTS) * world.processes.alive('start', 'worker').length;
}

/** The Results requests of a run so far, in the order of their arrival. */
export function resultsRequests({ account }: World): readonly LoggedRequest[] {
  return resultsOf(account.sandbox.requests());
}

/** Without a `start` among them, the processes are done when no test is open, or when they wait for an operator. */
export async function workIsDone({ plan, world }: Run): Promise<boolean> {
  const { client, prefix } = world;
  if (!world.processes.areDone()) return false;
  if (plan.roles.includes('start')) return true;
  const [open, held] = await Promise.all([client.hlen(`${prefix}:open`), client.get(`${prefix}:held`)]);
  return open === 0 || held !== null;
}

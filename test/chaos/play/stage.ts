import type { LoggedRequest } from '@inventory/sandbox';
import type { Plan } from '../plan/plan.ts';
import type { RedisWatch } from '../watch/watch-redis.ts';
import type { World } from '../world/world.ts';

/** Something that was done to a run. Times are epoch ms. */
export interface Deed {
  readonly at: number;
  /** When what it broke was whole again; null while it is not. */
  until: number | null;
  readonly what: string;
  /** `redis` is a death of it; `upset` takes away or shifts something of what it knew. */
  readonly kind: 'kill' | 'redis' | 'upset' | 'other';
  /** How many requests were possibly in flight, and may be asked again because of it. */
  mayRepeat: number;
}

/** Writes a deed down, to be completed. @param more what is known only now, behind the act's description */
export type Note = (kind: Deed['kind'], mayRepeat: number, more?: string) => Deed;

/** A world with a plan in play. */
export interface Stage {
  readonly plan: Plan;
  readonly world: World;
  readonly watch: RedisWatch;
  /** What has been done so far, in order. */
  readonly deeds: Deed[];
  /** What was wrong at a look in the middle of it. */
  readonly problems: string[];
}

/** The most Results requests that can be under way. */
export function requestsInFlight({ plan, world }: Stage): number {
  return Number(plan.settings.WORKER_SLOTS) * world.troupe.alive('start', 'worker').length;
}

/** The Results requests of a run so far, in the order of their arrival. */
export function resultsRequests({ account: { sandbox } }: World): LoggedRequest[] {
  const others = ['token', 'workspaces', 'listing', 'unknown'];
  return sandbox.requests().filter(({ endpoint }) => !others.includes(endpoint));
}

/** Without a `start` among them, the processes are done when no test is open, or when they wait for an operator. */
export async function workIsDone({ plan, world }: Stage): Promise<boolean> {
  if (!world.troupe.done()) return false;
  if (plan.cast.includes('start')) return true;
  const [open, held] = await Promise.all([
    world.client.hlen(`${world.prefix}:open`),
    world.client.get(`${world.prefix}:held`),
  ]);
  return open === 0 || held !== null;
}

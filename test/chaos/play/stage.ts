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
  readonly kind: 'kill' | 'redis' | 'other';
  /** How many requests were possibly in flight, and may be asked again because of it. */
  readonly mayRepeat: number;
}

/** A world with a plan in play. */
export interface Stage {
  readonly plan: Plan;
  readonly world: World;
  readonly watch: RedisWatch;
  /** What has been done so far, in order. */
  readonly deeds: Deed[];
}

/** The Results requests of a run so far, in the order of their arrival. */
export function resultsRequests({ account: { sandbox } }: World): LoggedRequest[] {
  const others = ['token', 'workspaces', 'listing', 'unknown'];
  return sandbox.requests().filter(({ endpoint }) => !others.includes(endpoint));
}

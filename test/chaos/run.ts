import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggedRequest } from '@inventory/sandbox';
import type { Plan } from './plan.ts';
import type { RedisSights, RedisWatch } from './watch.ts';
import type { StateFiles, World } from './world.ts';

/** Something that was done to a run. Times are epoch ms. */
export interface RunEvent {
  readonly at: number;
  /** When what it broke was whole again; null while it is not. */
  until: number | null;
  readonly what: string;
  /** `redis` is a death of it; `redis-changed` takes away or shifts something of what it knew. */
  readonly kind: 'kill' | 'redis' | 'redis-changed' | 'other';
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

/** A last `start --all`, after the faults. */
export interface LastStart {
  readonly phase: 'permanent faults' | 'no faults';
  /** null when it had to be killed. */
  readonly code: number | null;
  /** When it was started, epoch ms. */
  readonly at: number;
  /** How many Results requests had been made before it. */
  readonly requestsBefore: number;
  /** Whether all tests had their verdict before it. */
  readonly allDecidedBefore: boolean;
  readonly errors: StateFiles['errors'];
}

export interface Ending {
  /** When the last transient fault was over, epoch ms. */
  readonly calmAt: number;
  readonly lastStarts: readonly LastStart[];
  /** What did not come to its end in time. */
  readonly overdue: readonly string[];
}

/** All that a run left behind, for the checks. */
export interface Evidence {
  readonly run: Run;
  readonly ending: Ending;
  /** Results requests in the order of their arrival. */
  readonly requests: readonly LoggedRequest[];
  /** What has to be added to the server's times to get epoch ms. */
  readonly clockOffsetMs: number;
  readonly redis: RedisSights;
  /** What was wrong with the state files at any look. */
  readonly fileProblems: readonly string[];
  /** The state files in the end; null when they cannot be read. */
  readonly files: StateFiles | null;
  /** Everything in Redis in the end, by key. */
  readonly contents: Readonly<Record<string, unknown>>;
}

/** Looks at one rule. @returns what breaks it, a sentence each */
export type Check = (evidence: Evidence) => readonly string[] | Promise<readonly string[]>;

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

/** The most Results requests that can be under way. */
export function requestsInFlight({ plan, world }: Run): number {
  return Number(plan.settings.WORKER_SLOTS) * world.processes.alive('start', 'worker').length;
}

/** The Results requests of a run so far, in the order of their arrival. */
export function resultsRequests({ account: { sandbox } }: World): LoggedRequest[] {
  const others = ['token', 'workspaces', 'listing', 'unknown'];
  return sandbox.requests().filter(({ endpoint }) => !others.includes(endpoint));
}

/** Without a `start` among them, the processes are done when no test is open, or when they wait for an operator. */
export async function workIsDone({ plan, world }: Run): Promise<boolean> {
  const { client, prefix } = world;
  if (!world.processes.done) return false;
  if (plan.roles.includes('start')) return true;
  const [open, held] = await Promise.all([client.hlen(`${prefix}:open`), client.get(`${prefix}:held`)]);
  return open === 0 || held !== null;
}

/** Anything that changes while work goes on: requests of all kinds, and what processes print. */
function movement({ account, processes }: World): string {
  const printed = processes.all.reduce((sum, { program }) => sum + program.stdout().length, 0);
  return `${account.sandbox.requests().length} ${processes.all.length} ${printed}`;
}

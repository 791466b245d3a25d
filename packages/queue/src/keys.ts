import type { Keyspace } from '@inventory/redis';

export const queueName = 'classify';

/** The Redis keys of the pace, which BullMQ's scripts and ours share, and what we keep beside them. */
export interface PaceKeys {
  /** BullMQ's hash of queue settings: the limit (`max`, `duration`) and `paused`. */
  readonly meta: string;
  /** BullMQ's limiter: no job is granted while it exists. */
  readonly limiter: string;
  /** BullMQ's marker: setting it wakes processes that wait for jobs. */
  readonly marker: string;
  /** BullMQ's delayed jobs, by their time. */
  readonly delayed: string;
  /** BullMQ's list of the jobs that a worker has. */
  readonly active: string;
  /** BullMQ's mark that a process has looked for jobs whose worker died; it expires when the next look is due. */
  readonly stalledCheck: string;
  /** What the key of a job begins with; its id follows, and `:lock` for its lock. */
  readonly jobs: string;
  /** List of the last starts of requests, newest first, microseconds of Redis' clock. */
  readonly starts: string;
  /** Hash: why and until when everything is paused. */
  readonly pause: string;
  /** Hash: processes that work on this queue. */
  readonly processes: string;
  /** Hash: why and since when the circuit is open, and when the next request may probe; missing while it is closed. */
  readonly circuit: string;
  /** Hash: transient failures in a row over the cluster, without an answer between them. */
  readonly failures: string;
  /** Set of the tests whose requests these were, and those that have probed an open circuit in vain. */
  readonly failing: string;
  /** Why the queue is held until it is released, which hold it is, and since when: for example `auth:UUID:1764367200000`. */
  readonly held: string;
}

export const keptStarts = 1_000;

/** The full key of each name. */
export function paceKeys({ prefix }: Pick<Keyspace, 'prefix'>): PaceKeys {
  return {
    meta: `${prefix}:${queueName}:meta`,
    limiter: `${prefix}:${queueName}:limiter`,
    marker: `${prefix}:${queueName}:marker`,
    delayed: `${prefix}:${queueName}:delayed`,
    active: `${prefix}:${queueName}:active`,
    stalledCheck: `${prefix}:${queueName}:stalled-check`,
    jobs: `${prefix}:${queueName}:`,
    starts: `${prefix}:starts`,
    pause: `${prefix}:pause`,
    processes: `${prefix}:processes`,
    circuit: `${prefix}:circuit`,
    failures: `${prefix}:failures`,
    failing: `${prefix}:failing`,
    held: `${prefix}:held`,
  };
}

/** Why everything pauses: the API refused a request (429), others use up the rate, there is no token, or a 503 asked for it. */
export const pauseCauses = ['refused', 'rate used up', 'no token', 'unavailable'] as const;
export type PauseCause = (typeof pauseCauses)[number];

/** Why a circuit opens; see `circuit.ts`. */
export const circuitCauses = ['outage', 'controls'] as const;
export type CircuitCause = (typeof circuitCauses)[number];

/** The reason in the value of `held`, or null. */
export function reasonOf(held: string | null): string | null {
  return held?.split(':')[0] ?? null;
}

/** Since when the queue is held, epoch ms of Redis' clock; null where it is not, or where an older version held it. */
export function heldSince(held: string | null): number | null {
  const since = held?.split(':')[2];
  return since === undefined ? null : Number(since);
}

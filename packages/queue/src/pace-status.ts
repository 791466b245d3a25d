import type { Keyspace } from '@inventory/redis';
import { z } from 'zod';
import {
  type CircuitCause,
  circuitCauses,
  heldSince,
  type PauseCause,
  paceKeys,
  pauseCauses,
  reasonOf,
} from './keys.ts';

const processRecord = z.object({
  role: z.string(),
  host: z.string(),
  pid: z.number(),
  slots: z.number(),
  intervalMs: z.number(),
  run: z.string().optional(),
  seenAt: z.number(),
});

/** A circuit that is open. Times are epoch ms of Redis' clock. */
export interface OpenCircuit {
  /** `outage`: requests get no answer. `controls`: the API answers 404 for tests that it knew. */
  readonly cause: CircuitCause;
  /** Why, as a sentence for people; no secret. */
  readonly why: string;
  readonly since: number;
  /** When the next request may find out. */
  readonly nextProbeAt: number;
  /** How many requests have found out so far that it stays open. */
  readonly failed: number;
}

/** A pause that is on. Times are epoch ms of Redis' clock. */
interface RunningPause {
  readonly until: number;
  /** `unknown` where Redis has lost it. */
  readonly cause: PauseCause | 'unknown';
}

/** What the pace looks like from outside. Times are epoch ms of Redis' clock. */
export interface PaceStatus {
  readonly now: number;
  /** Processes seen within the last 15 seconds. */
  readonly processes: readonly z.output<typeof processRecord>[];
  /** The interval in force, ms; null when no limit has been set yet. */
  readonly intervalMs: number | null;
  /** Why and until when everything is paused; null when it is not. */
  readonly pause: RunningPause | null;
  /** Why the queue is held until an operator acts, for example `auth`; null when it is not. */
  readonly held: string | null;
  /** Since when it is held; null where that is not known. */
  readonly heldSince: number | null;
  /** Why only single requests are sent, to test whether the API answers again; null while the circuit is closed. */
  readonly circuit: OpenCircuit | null;
  /** When the last requests started, newest first. */
  readonly starts: readonly number[];
}

export async function readPaceStatus(keyspace: Keyspace): Promise<PaceStatus> {
  const { client } = keyspace;
  const keys = paceKeys(keyspace);
  const [time, processes, duration, pause, held, circuit, starts, left] = await Promise.all([
    client.time(),
    client.hvals(keys.processes),
    client.hget(keys.meta, 'duration'),
    client.hgetall(keys.pause),
    client.get(keys.held),
    client.hgetall(keys.circuit),
    client.lrange(keys.starts, 0, -1),
    client.pttl(keys.limiter),
  ]);
  const now = Number(time[0]) * 1000 + Math.floor(Number(time[1]) / 1000);
  return {
    now,
    processes: processes
      .map((text) => processRecord.parse(JSON.parse(text)))
      .filter(({ seenAt }) => now - seenAt <= 15_000),
    intervalMs: duration === null ? null : Number(duration),
    pause: left > 0 ? runningPause(pause, now, left) : null,
    held: reasonOf(held),
    heldSince: heldSince(held),
    circuit: openCircuit(circuit),
    starts: starts.map((micros) => Number(micros) / 1000),
  };
}

/** @param leftMs how long no start is granted */
function runningPause(
  { until = '0', cause }: Readonly<Record<string, string>>,
  now: number,
  leftMs: number,
): RunningPause | null {
  if (Number(until) <= now) return null;
  return {
    until: now + leftMs,
    cause: pauseCauses.find((each) => each === cause) ?? 'unknown',
  };
}

function openCircuit({
  cause,
  why = '',
  since,
  until,
  failed = '0',
}: Readonly<Record<string, string>>): OpenCircuit | null {
  const known = circuitCauses.find((each) => each === cause);
  return known === undefined
    ? null
    : { cause: known, why, since: Number(since), nextProbeAt: Number(until), failed: Number(failed) };
}

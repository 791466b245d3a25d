import type { Checkpoints } from '@inventory/checkpoints';
import type { CircuitCause } from '@inventory/queue';

interface Outage {
  readonly cause?: CircuitCause;
  readonly why?: string;
  /** How long it has been open, ms. */
  readonly forMs?: number;
  /** When the next request may find out, ms from now. */
  readonly nextInMs?: number;
  /** How many requests have failed since it opened. */
  readonly failed?: number;
}

type Place = Pick<Checkpoints, 'client' | 'prefix'>;

/** Has the circuit be open, as after some failures in a row. */
export async function openCircuit(
  { client, prefix }: Place,
  {
    cause = 'outage',
    why = '5 requests in a row failed',
    forMs = 720_000,
    nextInMs = 300_000,
    failed = 0,
  }: Outage = {},
): Promise<void> {
  const [seconds] = await client.time();
  const now = Number(seconds) * 1000;
  const row = { cause, why, since: now - forMs, until: now + nextInMs, ms: Math.max(0, nextInMs), probes: 3, failed };
  await client.hset(`${prefix}:circuit`, row);
}

export async function closeCircuit({ client, prefix }: Place): Promise<void> {
  await client.del(`${prefix}:circuit`);
}

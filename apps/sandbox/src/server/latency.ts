import type { Endpoint } from '../endpoint.ts';
import type { Random } from '../library/seeded-random.ts';

/** How long answers take, in ms: always the same, or anything between two times. */
export type Delay = number | readonly [leastMs: number, mostMs: number];

/** One delay for every endpoint, or one each; `otherwise` is for endpoints not named, 0 without it. */
export type Latency = Delay | Partial<Record<Endpoint | 'otherwise', Delay | undefined>>;

/** How long the answer to one request takes, in ms. */
export function latencyMs(latency: Latency, endpoint: Endpoint, random: Random): number {
  const delay = isDelay(latency) ? latency : (latency[endpoint] ?? latency.otherwise ?? 0);
  return typeof delay === 'number' ? delay : delay[0] + (delay[1] - delay[0]) * random();
}

function isDelay(latency: Latency): latency is Delay {
  return typeof latency === 'number' || Array.isArray(latency);
}

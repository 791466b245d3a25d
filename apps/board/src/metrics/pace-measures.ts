import { circuitCauses, keptStarts, type PaceStatus } from '@inventory/queue';
import { gauge, type Measure, moment, type Sample } from './registry.ts';

const causes = ['refused', 'rate used up', 'no token', 'unavailable'];

/** How fast the cluster may ask, how fast it does, what pauses it, and which workers there are. */
export function paceMeasures(pace: PaceStatus): Measure[] {
  const { processes, intervalMs, pause, held, circuit, starts, now } = pace;
  const used = utilisation(starts, intervalMs ?? 0, now);
  return [
    gauge(
      'inventory_pace_interval_seconds',
      'Least time between two requests of the whole cluster; 0 = no limit is set.',
      (intervalMs ?? 0) / 1000,
    ),
    gauge(
      'inventory_pace_utilisation_ratio',
      'Requests of the last five minutes as a share of those allowed; missing while no limit is set.',
      used ?? [],
    ),
    gauge(
      'inventory_api_limited',
      '1 while no request may start, by cause: refused (429), rate used up by others, no token, unavailable (503).',
      states('cause', causes, pause?.cause ?? null),
    ),
    moment(
      'inventory_api_limited_until_timestamp_seconds',
      'When requests may start again; 0 = they may now.',
      pause?.until,
    ),
    gauge(
      'inventory_queue_held',
      '1 while all workers wait until an operator acts, by reason: auth = the API refuses new tokens.',
      states('reason', ['auth'], held),
    ),
    gauge(
      'inventory_circuit_open',
      '1 while only single requests test the API, by cause: outage = requests get no answer, controls = the API answers 404 for tests that it knew.',
      states('cause', circuitCauses, circuit?.cause ?? null),
    ),
    moment(
      'inventory_circuit_open_since_timestamp_seconds',
      'Since when the circuit is open; 0 = it is closed.',
      circuit?.since,
    ),
    moment(
      'inventory_last_request_timestamp_seconds',
      'When the last request to the Results API started; 0 = none has.',
      starts[0],
    ),
    gauge('inventory_workers', 'Processes that work on the queue, seen within the last 15 seconds.', processes.length),
    gauge(
      'inventory_worker_slots',
      'Requests that all workers together may have in flight.',
      processes.reduce((sum, { slots }) => sum + slots, 0),
    ),
  ];
}

/** 1 for the present state, 0 for the other known ones. */
function states(label: string, known: readonly string[], present: string | null): Sample[] {
  const all = new Set(present === null ? known : [...known, present]);
  return [...all].map((state) => ({ labels: { [label]: state }, value: state === present ? 1 : 0 }));
}

const window = 300_000;

/**
 * How much of the allowed rate was used in the last five minutes, 0 to 1; null without a limit. Where the list of starts
 * is full and reaches back less far, only the time that it covers counts.
 * @param starts when the last requests started, newest first, ms
 * @param intervalMs least time between two starts
 * @param now on the same clock, ms
 */
export function utilisation(starts: readonly number[], intervalMs: number, now: number): number | null {
  if (intervalMs <= 0) return null;
  const oldest = starts.length < keptStarts ? 0 : (starts.at(-1) ?? 0);
  const from = Math.max(now - window, oldest);
  const recent = starts.filter((at) => at > from).length;
  return Math.min(1, (recent * intervalMs) / Math.max(now - from, intervalMs));
}

import { circuitCauses, type PaceStatus } from '@inventory/queue';
import type { Measure, Sample } from './measure.ts';
import { utilisation } from './utilisation.ts';

const causes = ['refused', 'rate used up', 'no token', 'unavailable'];

/** How fast the cluster may ask, how fast it does, what keeps it up, and who works. */
export function paceMeasures(pace: PaceStatus): Measure[] {
  const { processes, intervalMs, pause, held, circuit, starts, now } = pace;
  const used = utilisation(starts, intervalMs ?? 0, now);
  return [
    {
      name: 'inventory_pace_interval_seconds',
      help: 'Least time between two requests of the whole cluster; 0 = no limit stands.',
      kind: 'gauge',
      samples: [{ value: (intervalMs ?? 0) / 1000 }],
    },
    {
      name: 'inventory_pace_utilisation_ratio',
      help: 'Requests of the last five minutes as a share of those allowed; missing while no limit stands.',
      kind: 'gauge',
      samples: used === null ? [] : [{ value: used }],
    },
    {
      name: 'inventory_api_limited',
      help: '1 while no request may start, by cause: refused (429), rate used up by others, no token, unavailable (503).',
      kind: 'gauge',
      samples: states('cause', causes, pause?.cause ?? null),
    },
    {
      name: 'inventory_api_limited_until_timestamp_seconds',
      help: 'When requests may start again; 0 = they may now.',
      kind: 'gauge',
      samples: [{ value: (pause?.until ?? 0) / 1000 }],
    },
    {
      name: 'inventory_queue_held',
      help: '1 while all workers wait until somebody acts, by reason: auth = the API refuses new tokens.',
      kind: 'gauge',
      samples: states('reason', ['auth'], held),
    },
    {
      name: 'inventory_circuit_open',
      help: '1 while one request now and then finds out whether all may ask again, by cause: outage = requests get no answer, controls = the API answers 404 for tests that it knew.',
      kind: 'gauge',
      samples: states('cause', circuitCauses, circuit?.cause ?? null),
    },
    {
      name: 'inventory_circuit_open_since_timestamp_seconds',
      help: 'Since when the circuit is open; 0 = it is closed.',
      kind: 'gauge',
      samples: [{ value: (circuit?.since ?? 0) / 1000 }],
    },
    {
      name: 'inventory_last_request_timestamp_seconds',
      help: 'When the last request to the Results API started; 0 = none has.',
      kind: 'gauge',
      samples: [{ value: (starts[0] ?? 0) / 1000 }],
    },
    {
      name: 'inventory_workers',
      help: 'Processes that work on the queue, seen within the last 15 seconds.',
      kind: 'gauge',
      samples: [{ value: processes.length }],
    },
    {
      name: 'inventory_worker_slots',
      help: 'Requests that all workers together may have in flight.',
      kind: 'gauge',
      samples: [{ value: processes.reduce((sum, { slots }) => sum + slots, 0) }],
    },
  ];
}

/** 1 for the state that is, 0 for the others that are known. */
function states(label: string, known: readonly string[], present: string | null): Sample[] {
  const all = new Set(present === null ? known : [...known, present]);
  return [...all].map((state) => ({ labels: { [label]: state }, value: state === present ? 1 : 0 }));
}

import type { WorkTotals } from '@inventory/metrics';
import { endpointNames } from '@inventory/status';
import type { Measure } from './measure.ts';

/** What the workers have asked of the Results API, and what they heard. Counts of the whole cluster. */
export function requestMeasures({ requests, durations, retries, limitedMs }: WorkTotals): Measure[] {
  const throttled = requests.filter(({ status }) => status === '429');
  return [
    {
      name: 'inventory_api_requests_total',
      help: 'Requests to the Results API that have ended; status is the HTTP status, or the error where there was none.',
      kind: 'counter',
      samples: requests.map(({ probe, status, count }) => ({
        labels: { endpoint: endpointOf(probe), status },
        value: count,
      })),
    },
    {
      name: 'inventory_api_request_duration_seconds',
      help: 'Time from sending a request to the Results API to the end of its answer.',
      kind: 'histogram',
      samples: durations.map(({ probe, seconds, count, buckets }) => ({
        labels: { endpoint: endpointOf(probe) },
        buckets,
        count,
        sum: seconds,
      })),
    },
    {
      name: 'inventory_api_throttled_requests_total',
      help: 'Requests that the Results API refused because of its rate limit (429).',
      kind: 'counter',
      samples: [{ value: throttled.reduce((sum, { count }) => sum + count, 0) }],
    },
    {
      name: 'inventory_api_limited_seconds_total',
      help: 'Time in which no request was allowed to start because the API had limited the account.',
      kind: 'counter',
      samples: [{ value: limitedMs / 1000 }],
    },
    {
      name: 'inventory_api_retries_total',
      help: 'Requests that will be made again because they got no usable answer, by the type of the failure.',
      kind: 'counter',
      samples: retries.map(({ probe, why, count }) => ({
        labels: { endpoint: endpointOf(probe), type: why },
        value: count,
      })),
    },
  ];
}

/** The endpoint's name in the API; a probe of another version keeps its own name. */
function endpointOf(probe: string): string {
  return new Map<string, string>(Object.entries(endpointNames)).get(probe) ?? probe;
}

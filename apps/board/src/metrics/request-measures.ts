import type { WorkTotals } from '@inventory/metrics';
import { endpointNames } from '@inventory/status';
import { counter, type Measure } from './registry.ts';

/** What the workers have asked of the Results API, and how it answered. Counts of the whole cluster. */
export function requestMeasures({ requests, durations, retries, limitedMs }: WorkTotals): Measure[] {
  const throttled = requests.filter(({ status }) => status === '429');
  return [
    counter(
      'inventory_api_requests_total',
      'Requests to the Results API that have ended; status is the HTTP status, or the error where there was none.',
      requests.map(({ probe, status, count }) => ({ labels: { endpoint: endpointOf(probe), status }, value: count })),
    ),
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
    counter(
      'inventory_api_throttled_requests_total',
      'Requests that the Results API refused because of its rate limit (429).',
      throttled.reduce((sum, { count }) => sum + count, 0),
    ),
    counter(
      'inventory_api_limited_seconds_total',
      'Time in which no request was allowed to start because the API had limited the account.',
      limitedMs / 1000,
    ),
    counter(
      'inventory_api_retries_total',
      'Requests that will be made again because they got no usable answer, by the type of the failure.',
      retries.map(({ probe, why, count }) => ({ labels: { endpoint: endpointOf(probe), type: why }, value: count })),
    ),
  ];
}

/** The endpoint's name in the API; a probe of another version keeps its own name. */
function endpointOf(probe: string): string {
  return new Map<string, string>(Object.entries(endpointNames)).get(probe) ?? probe;
}

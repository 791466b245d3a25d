import { errorTypes, phaseOf, type Totals, type WorkspaceRecord } from '@inventory/checkpoints';
import { categories, platformOf } from '@inventory/classification';
import { readWorkTotals, type WorkTotals } from '@inventory/metrics';
import { circuitCauses, type JobCounts, keptStarts, type PaceStatus, type TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { endpointNames, readShortStatus, type ShortStatus } from '@inventory/status';
import { readTokenFacts } from '@inventory/usertesting';
import { counter, gauge, type Measure, moment, type Sample } from './registry.ts';

export interface AccountFacts {
  readonly status: ShortStatus;
  /** How many tests and workspaces have an error now, by its type. */
  readonly errorsByType: Readonly<Record<string, number>>;
  readonly jobs: JobCounts;
  readonly work: WorkTotals;
  readonly workspaces: readonly WorkspaceRecord[];
  readonly tokensObtained: number;
}

/** Where an account's facts are. */
export interface FactsPlace {
  readonly runtime: Runtime;
  readonly queue: Pick<TestQueue, 'counts'>;
  /** The errors of now, from a source that need not read all of them each time. */
  readonly errors: () => Promise<Iterable<{ readonly type: string }>>;
}

/** Reads all facts of an account; writes nothing, and waits for Redis as long as its connection does. */
export async function readAccountFacts({ runtime, queue, errors }: FactsPlace): Promise<AccountFacts> {
  const { keyspace, checkpoints, settings } = runtime;
  const { clientId, tokenUrl, tokenScope: scope } = settings;
  const [status, found, jobs, work, workspaces, token] = await Promise.all([
    readShortStatus(runtime),
    errors(),
    queue.counts(),
    readWorkTotals(keyspace),
    checkpoints.listing.workspaces(),
    readTokenFacts(keyspace, { clientId, tokenUrl, scope }),
  ]);
  const errorsByType: Record<string, number> = {};
  for (const { type } of found) errorsByType[type] = (errorsByType[type] ?? 0) + 1;
  return {
    status,
    errorsByType,
    jobs,
    work,
    workspaces: [...workspaces.values()],
    tokensObtained: token.obtained,
  };
}

export function accountMeasures(facts: AccountFacts): Measure[] {
  const { status, work, workspaces, tokensObtained } = facts;
  const { runs, pace, lastVerdictAt, tokenExpiresAt } = status;
  const listings = runs.filter((run) => phaseOf(run) === 'listing').length;
  const listedAt = workspaces.map((workspace) => workspace.listedAt);
  return [
    ...testMeasures(facts),
    ...requestMeasures(work),
    ...paceMeasures(pace),
    moment(
      'inventory_last_verdict_timestamp_seconds',
      'When the last test was classified; 0 = none was.',
      lastVerdictAt,
    ),
    moment(
      'inventory_oldest_listing_timestamp_seconds',
      'Start of the last run that listed the workspace whose listing is the oldest; 0 = one was never listed whole.',
      listedAt.length === 0 ? null : Math.min(...listedAt),
    ),
    gauge('inventory_listings_in_progress', 'Runs that have not listed the whole account yet.', listings),
    gauge('inventory_workspaces', 'Workspaces that are known.', workspaces.length),
    moment(
      'inventory_token_expiry_timestamp_seconds',
      'When the shared access token expires; 0 = none is known.',
      tokenExpiresAt,
    ),
    counter('inventory_token_refreshes_total', 'Access tokens obtained from the token endpoint.', tokensObtained),
  ];
}

/** What is known of the tests, what went wrong, and what waits in the queue. */
function testMeasures({ status: { totals }, errorsByType, work, jobs }: AccountFacts): Measure[] {
  const recorded = Object.fromEntries(work.errors.map(({ type, count }) => [type, count]));
  return [
    gauge(
      'inventory_tests',
      'Tests by platform and type; those without a verdict have both undecided.',
      byCategory(totals),
    ),
    gauge(
      'inventory_weak_verdicts',
      'Verdicts that are not final, by certainty: provisional ones are checked again, unconfirmed ones are not confirmed by any 200.',
      [
        { labels: { certainty: 'provisional' }, value: totals.provisional },
        { labels: { certainty: 'unconfirmed' }, value: totals.unconfirmed },
      ],
    ),
    gauge('inventory_open_tests', 'Tests that wait for their outcome.', totals.open),
    gauge(
      'inventory_errors',
      'Tests and workspaces whose last outcome is an error, by its type.',
      byType(errorsByType),
    ),
    counter(
      'inventory_errors_recorded_total',
      'Errors that workers recorded as the outcome of a test, by type.',
      byType(recorded),
    ),
    gauge(
      'inventory_queue_jobs',
      'Jobs in the queue, by state.',
      Object.entries(jobs).map(([state, value]) => ({ labels: { state }, value })),
    ),
  ];
}

function byCategory({ undecided, byCategory: counts }: Totals): Sample[] {
  const decided = categories.map((type) => ({
    labels: { platform: platformOf(type), type },
    value: counts[type] ?? 0,
  }));
  return [...decided, { labels: { platform: 'undecided', type: 'undecided' }, value: undecided }];
}

/** All known types are shown from the start, so that the first error of a type counts as a rise. */
function byType(counts: Readonly<Record<string, number>>): Sample[] {
  const types = new Set<string>([...errorTypes, ...Object.keys(counts)]);
  return [...types].map((type) => ({ labels: { type }, value: counts[type] ?? 0 }));
}

/** What the workers have asked of the Results API, and how it answered. Counts of the whole cluster. */
function requestMeasures({ requests, durations, retries, limitedMs }: WorkTotals): Measure[] {
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

const causes = ['refused', 'rate used up', 'no token', 'unavailable'];

/** How fast the cluster may ask, how fast it does, what pauses it, and which workers there are. */
function paceMeasures(pace: PaceStatus): Measure[] {
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

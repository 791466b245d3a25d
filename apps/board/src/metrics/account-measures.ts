import { errorTypes, phaseOf, type Totals } from '@inventory/checkpoints';
import { categories, platformOf } from '@inventory/classification';
import type { AccountFacts } from './account-facts.ts';
import { paceMeasures } from './pace-measures.ts';
import { counter, gauge, type Measure, moment, type Sample } from './registry.ts';
import { requestMeasures } from './request-measures.ts';

/** Everything the board measures of an account. */
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

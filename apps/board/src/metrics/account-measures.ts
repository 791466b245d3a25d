import { phaseOf } from '@inventory/checkpoints';
import type { AccountFacts } from './account-facts.ts';
import type { Measure } from './measure.ts';
import { paceMeasures } from './pace-measures.ts';
import { requestMeasures } from './request-measures.ts';
import { testMeasures } from './test-measures.ts';

/** Everything the board measures of an account. */
export function accountMeasures(facts: AccountFacts): Measure[] {
  const { standing, work, workspaces, tokensObtained } = facts;
  const { runs, pace, lastVerdictAt, tokenExpiresAt } = standing;
  const listings = runs.filter((run) => phaseOf(run) === 'listing').length;
  const listedAt = workspaces.map((workspace) => workspace.listedAt);
  return [
    ...testMeasures(facts),
    ...requestMeasures(work),
    ...paceMeasures(pace),
    moment('inventory_last_verdict_timestamp_seconds', 'When the last test was decided; 0 = none was.', lastVerdictAt),
    moment(
      'inventory_oldest_listing_timestamp_seconds',
      'Start of the last run that listed the workspace whose listing is the oldest; 0 = one was never listed whole.',
      listedAt.length === 0 ? null : Math.min(...listedAt),
    ),
    gauge('inventory_listings_in_progress', 'Runs whose listing of the account has not come to its end.', listings),
    gauge('inventory_workspaces', 'Workspaces that are known.', workspaces.length),
    moment(
      'inventory_token_expiry_timestamp_seconds',
      'When the shared access token expires; 0 = none is known.',
      tokenExpiresAt,
    ),
    {
      name: 'inventory_token_refreshes_total',
      help: 'Access tokens that were had from the token endpoint.',
      kind: 'counter',
      samples: [{ value: tokensObtained }],
    },
  ];
}

function gauge(name: string, help: string, value: number): Measure {
  return { name, help, kind: 'gauge', samples: [{ value }] };
}

/** @param at epoch ms, or null for never */
function moment(name: string, help: string, at: number | null): Measure {
  return gauge(name, help, (at ?? 0) / 1000);
}

import { readPaceStatus } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { readTokenFacts } from '@inventory/usertesting';
import { currentRuns } from './current-runs.ts';
import { forecastRun } from './forecast-run.ts';
import { pastRuns } from './past-runs.ts';
import type { StandingFacts } from './status-facts.ts';

/** How things stand, but for the errors: a few short reads, however large the library. Writes nothing. */
export async function readStanding({
  checkpoints,
  settings,
  client,
  keyspace,
  redis,
}: Runtime): Promise<StandingFacts> {
  const { queuePrefix: prefix, clientId, tokenUrl, tokenScope: scope } = settings;
  const [inUse, totals, runs, pace, token, verdictAt] = await Promise.all([
    checkpoints.import.isInUse(),
    checkpoints.inventory.totals(),
    checkpoints.runs.list(),
    readPaceStatus(client, prefix),
    readTokenFacts(keyspace, { clientId, tokenUrl, scope }),
    checkpoints.inventory.lastVerdictAt(),
  ]);
  const given = settings.accessToken !== '' && settings.expiresIn > 0 ? settings.expiresIn * 1000 : null;
  return {
    redis: redis.describe(),
    prefix,
    inUse,
    totals,
    runs: currentRuns(runs),
    history: pastRuns(runs),
    forecast: forecastRun(totals.open, totals, pace.intervalMs ?? settings.requestIntervalMs),
    pace,
    tokenExpiresAt: token.expiresAt ?? given,
    lastVerdictAt: verdictAt,
  };
}

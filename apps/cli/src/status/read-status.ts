import { type ErrorRecord, isInUse, lastVerdictAt } from '@inventory/checkpoints';
import type { Home } from '@inventory/process';
import { readPaceStatus } from '@inventory/queue';
import { readTokenExpiry } from '@inventory/usertesting';
import { forecastRun } from '../progress/forecast-run.ts';
import { currentRuns } from './current-runs.ts';
import type { RecentError, StatusFacts } from './status-facts.ts';

const shownErrors = 5;

/** Reads what `status` shows; writes nothing and needs no credentials. */
export async function readStatus({ checkpoints, settings, client, redis }: Home): Promise<StatusFacts> {
  const { queuePrefix: prefix, clientId, tokenUrl, tokenScope: scope } = settings;
  const [inUse, totals, runs, pace, shared, verdictAt, errors] = await Promise.all([
    isInUse(checkpoints),
    checkpoints.inventory.totals(),
    checkpoints.runs.list(),
    readPaceStatus(client, prefix),
    readTokenExpiry(client, prefix, { clientId, tokenUrl, scope }),
    lastVerdictAt(checkpoints),
    checkpoints.inventory.errors(),
  ]);
  const given = settings.accessToken !== '' && settings.expiresIn > 0 ? settings.expiresIn * 1000 : null;
  return {
    redis: redis.describe(),
    prefix,
    inUse,
    totals,
    runs: currentRuns(runs),
    forecast: forecastRun(totals.open, totals, pace.intervalMs ?? settings.requestIntervalMs),
    pace,
    tokenExpiresAt: shared ?? given,
    lastVerdictAt: verdictAt,
    errorsByType: countTypes(errors),
    recentErrors: latest(errors),
  };
}

function countTypes(errors: readonly (readonly [string, ErrorRecord])[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, { type }] of errors) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function latest(errors: readonly (readonly [string, ErrorRecord])[]): RecentError[] {
  return errors
    .map(([key, { type, error, at }]) => ({ key, type, error, at }))
    .sort((a, b) => b.at - a.at)
    .slice(0, shownErrors);
}

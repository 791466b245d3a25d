import type { Logger } from '@inventory/logger';
import { Hono } from 'hono';
import { Registry } from 'prom-client';
import type { AccountFacts } from './account-facts.ts';
import { accountMeasures } from './account-measures.ts';
import type { Measure } from './measure.ts';
import { patientReader } from './patient-reader.ts';
import { processRegistry } from './process-registry.ts';
import { type FactsPlace, readAccountFacts } from './read-account-facts.ts';
import { registryOf } from './registry-of.ts';

export interface MetricsRouteOptions extends FactsPlace {
  readonly logger: Logger;
  /** How long Redis has for one scrape, ms; 2,000 unless said otherwise. */
  readonly withinMs?: number;
}

/**
 * `GET /metrics`: the whole cluster in Prometheus' text format. It always answers 200; while Redis does not
 * answer, or holds what cannot be read, `inventory_up` is 0 and only the board itself is described.
 */
export function metricsRoute({ logger, withinMs = 2_000, ...place }: MetricsRouteOptions): Hono {
  const board = processRegistry();
  const read = patientReader(() => readAccountFacts(place), withinMs);
  const facts = (): Promise<AccountFacts | null> =>
    read().catch((error: unknown) => {
      logger.warn({ error: String(error) }, 'the account could not be read for the metrics');
      return null;
    });
  return new Hono().get('/metrics', async (context) => {
    const account = await facts();
    const measures = [up(account !== null), ...(account === null ? [] : accountMeasures(account))];
    const registry = Registry.merge([board, registryOf(measures)]);
    context.header('Content-Type', registry.contentType);
    context.header('Cache-Control', 'no-store');
    return context.body(await registry.metrics());
  });
}

function up(value: boolean): Measure {
  return {
    name: 'inventory_up',
    help: '1 if the account could be read from Redis for this scrape; if 0, all that is known of it is missing.',
    kind: 'gauge',
    samples: [{ value: value ? 1 : 0 }],
  };
}

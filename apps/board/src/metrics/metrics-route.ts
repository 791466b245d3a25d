import { type Logger, messageOf } from '@inventory/logger';
import { Hono } from 'hono';
import { Registry } from 'prom-client';
import { upTo } from '../server/redis-away.ts';
import { type AccountFacts, accountMeasures, type FactsPlace, readAccountFacts } from './account-measures.ts';
import { counter, gauge, processRegistry, registryOf } from './registry.ts';

export interface MetricsRouteOptions extends FactsPlace {
  readonly logger: Logger;
  /** Wrong passwords that visitors of the board gave since its start. */
  readonly wrongPasswords: () => number;
  /** How long Redis has for one scrape, ms; 2,000 by default. */
  readonly withinMs?: number;
}

/**
 * `GET /metrics`: the whole cluster in Prometheus' text format. It always answers 200; while Redis does not
 * answer, or holds what cannot be read, `inventory_up` is 0 and only the board itself is described.
 */
export function metricsRoute({ logger, wrongPasswords, withinMs = 2_000, ...place }: MetricsRouteOptions): Hono {
  const board = processRegistry();
  let underWay: Promise<AccountFacts> | null = null;
  // Scrapes share a read that is under way, so that nothing piles up while Redis is away.
  const facts = async (): Promise<AccountFacts | null> => {
    underWay ??= readAccountFacts(place).finally(() => {
      underWay = null;
    });
    try {
      return await upTo(withinMs, underWay);
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'could not read the account for the metrics');
      return null;
    }
  };
  return new Hono().get('/metrics', async (context) => {
    const account = await facts();
    const up = gauge(
      'inventory_up',
      '1 if the account could be read from Redis for this scrape; if 0, all that is known of it is missing.',
      account === null ? 0 : 1,
    );
    const wrong = counter(
      'inventory_board_wrong_passwords_total',
      'Wrong passwords that visitors of this board gave since it was started.',
      wrongPasswords(),
    );
    const measures = account === null ? [] : accountMeasures(account);
    const registry = Registry.merge([board, registryOf([wrong, up, ...measures])]);
    context.header('Content-Type', registry.contentType);
    context.header('Cache-Control', 'no-store');
    return context.body(await registry.metrics());
  });
}

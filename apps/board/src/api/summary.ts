import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { isInstalled } from '@inventory/logger';
import { errorFacts, errorGroups, statusJson } from '@inventory/status';
import { isoTime } from '@inventory/status/words';
import { burnDown, requestsPerMinute } from '../inventory/activity.ts';
import type { IndexKeeper } from '../inventory/index-keeper.ts';
import { type Tally, tally } from '../inventory/tally.ts';
import type { TestIndex } from '../inventory/test-index.ts';
import type { ApiParts } from './api-routes.ts';
import { problem, problemAnswers } from './problem.ts';
import { type Summary, summarySchema } from './summary-schema.ts';

const route = createRoute({
  method: 'get',
  path: '/summary',
  summary: 'The state of the inventory',
  responses: {
    200: {
      description: 'Counts, progress, pace, workers and errors.',
      content: { 'application/json': { schema: summarySchema } },
    },
    304: { description: 'Nothing but the time has changed since the answer of `If-None-Match`.' },
    ...problemAnswers({ 503: 'The tests are still being read.' }),
  },
});

/** What takes a pass over all tests or all errors. */
interface Counted extends Tally, Pick<Summary, 'burn_down'> {
  readonly errors: Pick<Summary['errors'], 'groups' | 'waiting'>;
}

const minuteMs = 60_000;
const mostGroups = 10;

/** `GET /api/summary`. */
export function summaryRoute(api: OpenAPIHono, { index, keeper, account }: ApiParts): void {
  let counted: { readonly name: string; readonly numbers: Counted } | null = null;
  api.openapi(route, (context) => {
    const { status, stale } = keeper;
    if (status === null) return problem(context, 503, 'The checkpoints are being read for the first time.');
    const { runs, pace } = status;
    // Such a pass is made only after a change, and once a minute, however many ask.
    const name = JSON.stringify([index.version, Math.floor(pace.now / minuteMs), runs.at(0)?.id]);
    if (counted?.name !== name) {
      const numbers = { ...tally(index), burn_down: burnDown(index, runs, pace.now), errors: countedErrors(index) };
      counted = { name, numbers };
    }
    const { errors, ...numbers } = counted.numbers;
    const summary = {
      stale,
      account,
      installed: isInstalled(),
      ...numbers,
      ...statusParts({ index, keeper, status, counted: errors }),
    };
    const etag = etagOf(summary);
    context.header('etag', etag);
    context.header('cache-control', 'no-cache');
    if (context.req.header('if-none-match') === etag) return context.body(null, 304);
    return context.json(summary, 200);
  });
}

interface StatusParts extends Pick<ApiParts, 'index' | 'keeper'> {
  readonly status: NonNullable<IndexKeeper['status']>;
  readonly counted: Counted['errors'];
}

/** What a summary shares with `status --json`. */
function statusParts({ index, keeper, status, counted }: StatusParts) {
  const { schedules } = keeper;
  const all = { ...status, ...errorFacts(index.errors), schedules };
  const { rules: _, errors, ...rest } = statusJson(all);
  const recent = errors.recent.map((error) => ({ ...error, title: index.store.get(error.key)?.title ?? null }));
  return {
    ...rest,
    requests_per_minute: requestsPerMinute(status.pace.starts, status.pace.now),
    errors: { ...errors, ...counted, recent, total: index.errors.size },
  };
}

function countedErrors({ errors, open }: TestIndex): Counted['errors'] {
  const groups = errorGroups(errors).slice(0, mostGroups);
  return {
    waiting: [...errors.keys()].filter((key) => open.has(key)).length,
    groups: groups.map(({ at, ...group }) => ({ ...group, at: isoTime(at) })),
  };
}

/** The same as long as nothing but the time has changed. */
function etagOf({ at: _, ...lasting }: Summary): string {
  return `W/"${createHash('sha256').update(JSON.stringify(lasting)).digest('base64url').slice(0, 27)}"`;
}

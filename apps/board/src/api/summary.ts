import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { errorFacts, type ShortStatus, statusJson } from '@inventory/status';
import type { IndexKeeper } from '../inventory/index-keeper.ts';
import { type Tally, tally } from '../inventory/tally.ts';
import type { TestIndex } from '../inventory/test-index.ts';
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

/** `GET /api/summary`. */
export function summaryRoute(api: OpenAPIHono, index: TestIndex, keeper: IndexKeeper): void {
  let counted: { readonly version: number; readonly numbers: Tally } | null = null;
  api.openapi(route, (context) => {
    const { status, stale } = keeper;
    if (status === null) return problem(context, 503, 'The checkpoints are being read for the first time.');
    const { version } = index;
    // A pass over all tests is made only after a change, however many ask.
    if (counted?.version !== version) counted = { version, numbers: tally(index) };
    const summary = { stale, ...counted.numbers, ...statusParts(status, index) };
    const etag = etagOf(summary);
    context.header('etag', etag);
    context.header('cache-control', 'no-cache');
    if (context.req.header('if-none-match') === etag) return context.body(null, 304);
    return context.json(summary, 200);
  });
}

/** What a summary shares with `status --json`. Ids of runs mean nothing to others. */
function statusParts(status: ShortStatus, index: TestIndex): Omit<Summary, keyof Tally | 'stale'> {
  const { rules: _, runs, history, errors, ...rest } = statusJson({ ...status, ...errorFacts(index.errors) });
  return {
    ...rest,
    runs: runs.map(({ id: _, ...run }) => run),
    history: history.map(({ id: _, ...run }) => run),
    errors: { ...errors, total: index.errors.size },
  };
}

/** The same as long as nothing but the time has changed. */
function etagOf({ at: _, ...lasting }: Summary): string {
  return `W/"${createHash('sha256').update(JSON.stringify(lasting)).digest('base64url').slice(0, 27)}"`;
}

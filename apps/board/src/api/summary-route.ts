import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { BoardParts } from '../board-parts.ts';
import { problem } from './problem.ts';
import { problemAnswers } from './problem-answers.ts';
import { SummaryMaker } from './summary-maker.ts';
import { summarySchema } from './summary-schema.ts';

const route = createRoute({
  method: 'get',
  path: '/summary',
  summary: 'How things stand',
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
export function summaryRoute(api: OpenAPIHono, { index, keeper }: BoardParts): void {
  const maker = new SummaryMaker(index);
  api.openapi(route, (context) => {
    const { standing, stale } = keeper;
    if (standing === null) return problem(context, 503, 'The checkpoints are being read for the first time.');
    const { summary, etag } = maker.make({ standing, stale });
    context.header('etag', etag);
    context.header('cache-control', 'no-cache');
    if (context.req.header('if-none-match') === etag) return context.body(null, 304);
    return context.json(summary, 200);
  });
}

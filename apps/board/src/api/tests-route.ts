import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BoardParts } from '../board-parts.ts';
import { findAll, findPage } from '../rows/find-rows.ts';
import { MatchCounter } from '../rows/match-counter.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { problem } from './problem.ts';
import { problemAnswers } from './problem-answers.ts';
import { streamTests } from './stream-tests.ts';
import { testsPageSchema, testsQuery } from './tests-schema.ts';

const lines = { schema: z.string() };

const route = createRoute({
  method: 'get',
  path: '/tests',
  summary: 'The tests, filtered and sorted',
  description: 'JSON comes in pages; CSV and NDJSON hold all tests that match, whatever `limit` and `cursor` say.',
  request: { query: testsQuery },
  responses: {
    200: {
      description: 'A page, or the whole as CSV or NDJSON.',
      content: { 'application/json': { schema: testsPageSchema }, 'text/csv': lines, 'application/x-ndjson': lines },
    },
    ...problemAnswers({ 400: 'A parameter is wrong.', 503: 'The tests are still being read.' }),
  },
});

/** `GET /api/tests`. */
export function testsRoute(api: OpenAPIHono, { index }: BoardParts): void {
  const counter = new MatchCounter(index.store);
  api.openapi(route, async (context) => {
    const query = context.req.valid('query');
    const { cursor, format, limit } = query;
    if (format !== 'json') return streamTests(findAll(index.store, query), format);
    const after = cursor === undefined ? null : readCursor(cursor, query);
    if (cursor !== undefined && after === null) {
      return problem(
        context,
        400,
        'The cursor is none of this sort and order: expected the `next` of the page before.',
      );
    }
    const { rows, next } = await findPage(index.store, query, after, limit);
    context.header('cache-control', 'no-store');
    return context.json({ tests: [...rows], total: counter.count(query), next: next && writeCursor(next, query) }, 200);
  });
}

import { ReadableStream } from 'node:stream/web';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { errorTypes } from '@inventory/checkpoints';
import { certainties } from '@inventory/classification';
import { csvLines, type ExportRow, exportRowSchema, ndjsonLines } from '@inventory/exports';
import { kinds } from '../inventory/tally.ts';
import { type Place, type Sorting, sortNames } from '../rows/row-order.ts';
import { findAll, findPage, MatchCounter } from '../rows/row-store.ts';
import type { ApiParts } from './api-routes.ts';
import { limit, query } from './parameters.ts';
import { problem, problemAnswers } from './problem.ts';

const longest = 200;
const aCursor = 'the `next` of the page before';

/** A word out of a list. An error message reads "expected …". */
function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

function text(what: string) {
  return z.string().max(longest, { error: `${what} of at most ${longest} characters` });
}

/** The parameters of `GET /api/tests`. */
const testsQuery = query({
  workspace: text('the UUID of a workspace').optional(),
  platform: word(['UTZ', 'ClassicUT']).optional(),
  category: word(kinds).optional(),
  certainty: word(certainties).optional(),
  error: word(['any', ...errorTypes])
    .optional()
    .openapi({ description: 'Tests whose last attempt ended in this error, or in any.' }),
  ordered: z
    .string()
    .regex(/^\d{4}(-\d{2})?$/, { error: 'a month such as 2026-03, or a year' })
    .optional()
    .openapi({ description: 'Month or year of the order, UTC.', example: '2026-03' }),
  q: text('a text')
    .optional()
    .openapi({ description: 'Words of the title in any order, or the start of the UUID; case does not matter.' }),
  sort: word(sortNames).default('test_uuid'),
  order: word(['asc', 'desc']).default('asc'),
  limit: limit({ most: 500, usual: 50 }),
  cursor: z
    .string()
    .max(2000, { error: aCursor })
    .optional()
    .openapi({ description: 'The `next` of the page before, with the same `sort` and `order`.' }),
  format: word(['json', 'csv', 'ndjson'])
    .default('json')
    .openapi({ description: 'CSV and NDJSON hold all that match.' }),
}).openapi('TestsQuery');

// Defined here as well: a schema that was created before hono's package extended zod has no `openapi`.
const rowSchema = z.object(exportRowSchema.shape).openapi('TestRow');

/** The answer of `GET /api/tests`: a page of tests. */
export const testsPageSchema = z
  .object({
    tests: z.array(rowSchema),
    total: z.number().int().openapi({ description: 'How many tests match.' }),
    next: z.string().nullable().openapi({ description: 'Cursor of the next page; null when this is the last one.' }),
  })
  .openapi('TestsPage');
export type TestsPage = z.output<typeof testsPageSchema>;

const lines = { schema: z.string() };

const route = createRoute({
  method: 'get',
  path: '/tests',
  summary: 'The tests, filtered and sorted',
  description:
    'JSON comes in pages; CSV and NDJSON hold all tests that match, whatever `limit` and `cursor` say. The header ' +
    '`Next-Cursor` is the `since` from which `/api/changes` has all that the answer may lack.',
  request: { query: testsQuery },
  responses: {
    200: {
      description: 'A page, or the whole as CSV or NDJSON.',
      content: { 'application/json': { schema: testsPageSchema }, 'text/csv': lines, 'application/x-ndjson': lines },
      headers: z.object({ 'Next-Cursor': z.string() }),
    },
    ...problemAnswers({ 400: 'A parameter is wrong.', 503: 'The tests are still being read.' }),
  },
});

/** `GET /api/tests`. */
export function testsRoute(api: OpenAPIHono, { index: { store }, keeper }: ApiParts): void {
  const counter = new MatchCounter(store);
  api.openapi(route, async (context) => {
    const query = context.req.valid('query');
    const { cursor, format, limit } = query;
    // Before the rows are read.
    const changes = { 'next-cursor': keeper.cursor };
    if (format !== 'json') return streamTests(findAll(store, query), format, changes);
    const after = cursor === undefined ? null : readCursor(cursor, query);
    if (cursor !== undefined && after === null) {
      return problem(context, 400, `The cursor is not one of this sort and order: expected ${aCursor}.`);
    }
    const { rows, next } = await findPage(store, query, after, limit);
    const page = { tests: [...rows], total: counter.count(query), next: next && writeCursor(next, query) };
    return context.json(page, 200, { 'cache-control': 'no-store', ...changes });
  });
}

/** A place in a sorting as an opaque text. */
function writeCursor({ key, uuid }: Place, { sort, order }: Sorting): string {
  return Buffer.from(JSON.stringify([sort, order, key, uuid])).toString('base64url');
}

const cursorSchema = z.tuple([z.string(), z.string(), z.string().nullable(), z.string()]);

/** The place of a cursor; null when it is not a cursor, or one of another sorting. */
function readCursor(cursor: string, { sort, order }: Sorting): Place | null {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) return null;
  const [sortedBy, direction, key, uuid] = parsed.data;
  return sortedBy === sort && direction === order ? { key, uuid } : null;
}

function parseJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return null;
  }
}

const formats = {
  csv: { lines: csvLines, type: 'text/csv; charset=utf-8' },
  ndjson: { lines: ndjsonLines, type: 'application/x-ndjson; charset=utf-8' },
} as const;

/** Rows as a file. Batches are made as the client reads, so a slow client piles up nothing; one that leaves ends the work. */
export function streamTests(
  batches: AsyncGenerator<readonly ExportRow[]>,
  format: keyof typeof formats,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const { lines, type } = formats[format];
  return new Response(ReadableStream.from(bytes(lines(batches))), {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="tests.${format}"`,
      'cache-control': 'no-store',
      ...headers,
    },
  });
}

async function* bytes(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}

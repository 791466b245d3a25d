import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { ChangesDroppedError, changeKinds, isCursor, listedKinds } from '@inventory/checkpoints';
import { categories } from '@inventory/classification';
import { type ChangeJson, readChanges, readRun, readRuns } from '@inventory/status';
import type { Context } from 'hono';
import { withinTime } from '../server/redis-away.ts';
import type { ApiParts } from './api-routes.ts';
import { limit, query } from './parameters.ts';
import { problem, problemAnswers } from './problem.ts';

const count = z.number().int();
const time = z.iso.datetime().nullable();
const category = z.enum(categories).nullable();

export const runSchema = z
  .object({
    id: z.string(),
    selection: z.string().openapi({ description: '`all`, `retry`, `reclassify`, or workspace UUIDs.' }),
    started_at: z.iso.datetime(),
    finished_at: time.openapi({ description: 'Null while it goes on.' }),
    duration_ms: z.number().nullable(),
    listed: z.boolean().openapi({ description: 'Whether all of its workspaces are listed.' }),
    selected: count,
    open: count.openapi({ description: 'Selected tests without an outcome.' }),
    shared: count.openapi({ description: 'Selected tests that another run waited for already.' }),
    outcomes: z.record(z.string(), count),
    requests: count.nullable().openapi({
      description: 'Requests to the Results API that all workers sent while it ran; null where that is not recorded.',
    }),
    throttled: count.nullable().openapi({ description: 'How many of them were answered 429.' }),
    changes: z
      .record(z.enum(listedKinds), count)
      .nullable()
      .openapi({ description: 'How many tests changed, by kind; null for a run of an older version.' }),
    verified: z
      .boolean()
      .optional()
      .openapi({ description: 'Whether the state files passed their checks after its end; missing without a check.' }),
  })
  .openapi('Run');

/** What has changed about one test, or about the listing of one workspace. */
const changeSchema = z
  .object({
    cursor: z.string().openapi({ description: 'Its place: `since` for what came after it.' }),
    at: z.iso.datetime(),
    changes: z.array(z.enum(changeKinds)),
    test_uuid: z.string().nullable().openapi({ description: 'Null where a workspace could not be listed.' }),
    title: z.string().nullable(),
    workspace_uuid: z.string().nullable(),
    workspace_name: z.string().nullable(),
    from: category.openapi({ description: 'The category that counted before; null for none.' }),
    to: category.openapi({ description: 'The category that counts now; null where no verdict has changed.' }),
    rule: z.string().nullable().openapi({ description: 'The rule behind the verdict.' }),
    because: z.string().nullable().openapi({ description: 'What that rule says, for people.' }),
    error: z.string().nullable().openapi({ description: 'Type of a new error.' }),
    runs: z.array(z.string()).openapi({ description: 'Ids of the runs that it belongs to.' }),
  })
  .openapi('Change');

/** The answer of `GET /api/runs`. */
export const runsSchema = z
  .object({ runs: z.array(runSchema).openapi({ description: 'The last 30 or so, the latest first.' }) })
  .openapi('Runs');

/** The answer of `GET /api/runs/{id}`. */
export const runReportSchema = z
  .object({
    run: runSchema,
    tests: z.partialRecord(z.enum(listedKinds), z.array(changeSchema)).openapi({
      description: 'What it changed, by kind, in order: at most `limit` of each. `run.changes` counts all of them.',
    }),
    complete: z.boolean().openapi({ description: 'False where some are no longer kept, though they are counted.' }),
  })
  .openapi('RunReport');

const runsPage = createRoute({
  method: 'get',
  path: '/runs',
  summary: 'The runs that are kept',
  responses: {
    200: { description: 'The runs.', content: { 'application/json': { schema: runsSchema } } },
    ...problemAnswers({ 503: 'Redis does not answer.' }),
  },
});

const oneRun = createRoute({
  method: 'get',
  path: '/runs/{id}',
  summary: 'One run, with the tests that it changed',
  request: {
    params: z.object({
      id: z.string().max(20, { error: 'the id of a run, or latest' }).openapi({ description: 'Or `latest`.' }),
    }),
    query: query({ limit: limit({ most: 10_000, usual: 1000 }) }),
  },
  responses: {
    200: { description: 'The run.', content: { 'application/json': { schema: runReportSchema } } },
    ...problemAnswers({ 400: 'A parameter is wrong.', 404: 'No such run is known.', 503: 'Redis does not answer.' }),
  },
});

/** A `string`, because the package takes its literal for a kind of JSON. */
const ndjsonType: string = 'application/x-ndjson';

const changesPage = createRoute({
  method: 'get',
  path: '/changes',
  summary: 'What has changed since a cursor',
  description:
    'One JSON object a line, the oldest change first, at most `limit`. The header `Next-Cursor` is the `since` of the ' +
    'next request; an answer without a line means that nothing has changed since.',
  request: {
    query: query({
      since: z
        .string()
        .refine((text) => text === 'now' || isCursor(text), { error: 'a `cursor`, `now`, or nothing for the oldest' })
        .optional()
        .openapi({ description: 'The `cursor` of a change, or a `Next-Cursor`; `now` for none but the header.' }),
      limit: limit({ most: 10_000, usual: 1000 }),
    }),
  },
  responses: {
    200: {
      description: 'The changes.',
      content: { [ndjsonType]: { schema: z.string().openapi({ description: 'A `Change` a line.' }) } },
      headers: z.object({ 'Next-Cursor': z.string() }),
    },
    ...problemAnswers({
      400: 'A parameter is wrong.',
      410: 'Changes after the cursor are no longer kept: read `/api/tests?format=ndjson`, and continue with its `Next-Cursor`.',
      503: 'Redis does not answer.',
    }),
  },
});

/** For the 100,000 changes of a first run, ms. */
const readRunMs = 20_000;

/** `GET /api/runs`, `GET /api/runs/{id}` and `GET /api/changes`. */
export function runsRoutes(api: OpenAPIHono, { checkpoints }: ApiParts): void {
  const { client } = checkpoints;
  api.openapi(runsPage, async (context) => {
    context.header('cache-control', 'no-store');
    return context.json({ runs: await withinTime(client, () => readRuns(checkpoints)) }, 200);
  });
  api.openapi(oneRun, async (context) => {
    const { id } = context.req.valid('param');
    const { limit: most } = context.req.valid('query');
    const report = await withinTime(client, () => readRun(checkpoints, { id, most }), readRunMs);
    if (report === null)
      return problem(context, 404, `No run ${id} is known (any more); /api/runs has those that are.`);
    context.header('cache-control', 'no-store');
    return context.json(report, 200);
  });
  api.openapi(changesPage, async (context) => {
    const { since, limit: most } = context.req.valid('query');
    try {
      if (since === 'now') return ndjson(context, [], await withinTime(client, () => checkpoints.changes.last()));
      const { changes, next } = await withinTime(client, () => readChanges(checkpoints, since ?? null, most));
      return ndjson(context, changes, next);
    } catch (error) {
      if (!(error instanceof ChangesDroppedError)) throw error;
      const detail =
        'The changes that followed this cursor are no longer kept: read the whole inventory ' +
        '(/api/tests?format=ndjson), then continue with the Next-Cursor of that answer.';
      return problem(context, 410, detail);
    }
  });
}

function ndjson(context: Context, changes: readonly ChangeJson[], next: string) {
  const lines = changes.map((change) => `${JSON.stringify(change)}\n`);
  return context.body(lines.join(''), 200, {
    'content-type': `${ndjsonType}; charset=utf-8`,
    'cache-control': 'no-store',
    'next-cursor': next,
  });
}

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { readTestRecords } from '@inventory/checkpoints';
import { nearTests } from '@inventory/status';
import type { BoardParts } from '../board-parts.ts';
import { withinTime } from '../health/within-time.ts';
import { problem } from './problem.ts';
import { problemAnswers } from './problem-answers.ts';
import { testDetail } from './test-detail.ts';
import { testDetailSchema } from './test-schema.ts';

const mostNear = 5;

const route = createRoute({
  method: 'get',
  path: '/tests/{uuid}',
  summary: 'One test, with what its verdict rests on',
  request: { params: z.object({ uuid: z.string().max(100, { error: 'a UUID' }) }) },
  responses: {
    200: { description: 'The test.', content: { 'application/json': { schema: testDetailSchema } } },
    ...problemAnswers({
      400: 'This is no UUID.',
      404: 'No such test is known; `near` holds UUIDs that begin alike.',
      503: 'Redis does not answer.',
    }),
  },
});

/** `GET /api/tests/:uuid`. */
export function testRoute(api: OpenAPIHono, { runtime: { checkpoints } }: BoardParts): void {
  api.openapi(route, async (context) => {
    const { uuid } = context.req.valid('param');
    const spellings = [uuid, uuid.toLowerCase()];
    const read = () => Promise.all([readTestRecords(checkpoints, spellings), checkpoints.listing.workspaces()]);
    const [records, workspaces] = await withinTime(checkpoints.client, read);
    for (const record of records) {
      context.header('cache-control', 'no-store');
      if (record.listing !== null) return context.json(testDetail(record, record.listing, workspaces), 200);
    }
    const near = await withinTime(checkpoints.client, () => nearTests(checkpoints, uuid, mostNear));
    return problem(context, 404, `No test ${uuid} is known here.`, { near });
  });
}

import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { categories } from '@inventory/classification';
import { exportRowSchema } from '@inventory/exports';
import { decisionTree, testDetail } from '@inventory/status';
import { withinTime } from '../server/redis-away.ts';
import type { ApiParts } from './api-routes.ts';
import { problem, problemAnswers } from './problem.ts';

const offered = z.boolean().nullable();
const leaf = z.object({ category: z.enum(categories), rule: z.string(), taken: z.boolean() });
const says = ['404', '200', '200 without sessions'] as const;

const tree = z.object({
  nodes: z.array(
    z.object({
      endpoint: z.string(),
      on_path: z.boolean().openapi({ description: 'Whether the way of this test leads here.' }),
      branches: z.array(leaf.extend({ says: z.enum(says) })),
      further: z.enum(['404', '200']).openapi({ description: 'The answer that leads to the next probe.' }),
    }),
  ),
  otherwise: leaf,
});

/** The answer of `GET /api/tests/{uuid}`: one test with the evidence for its verdict. */
export const testDetailSchema = exportRowSchema
  .extend({
    declared: z.object({ type: z.string().nullable(), product_type: z.string().nullable() }),
    because: z.string().nullable().openapi({ description: 'What the rule behind the verdict says.' }),
    certainty_because: z.string().nullable().openapi({ description: 'Why the verdict is not final; null if it is.' }),
    provisional_until: z.iso.datetime().nullable().openapi({
      description: 'The first run after this time checks the verdict again; null unless it is provisional.',
    }),
    answers: z
      .array(
        z.object({
          endpoint: z.string(),
          status: z.union([z.literal(200), z.literal(404)]),
          has_sessions: z.boolean().optional(),
          at: z.iso.datetime(),
        }),
      )
      .openapi({ description: 'What the Results API answered, in the order in which it is asked.' }),
    error: z
      .object({
        type: z.string(),
        status: z.number().nullable(),
        error: z.string(),
        attempts: z.number(),
        at: z.iso.datetime(),
      })
      .nullable(),
    tree: tree.openapi({ description: 'The probes in their order, and the way of this test through them.' }),
    link: z.url().nullable().openapi({ description: 'The test in UserTesting; null without `TEST_URL`.' }),
    queued: z.boolean().openapi({ description: 'Whether it waits for an outcome.' }),
    offers: z
      .object({ video: offered, qx_scores: offered, transcript: offered })
      .openapi({ description: 'Which Results data the test has; null if unknown.' }),
  })
  .openapi('TestDetail');
export type TestDetail = z.output<typeof testDetailSchema>;

const mostNear = 5;

const route = createRoute({
  method: 'get',
  path: '/tests/{uuid}',
  summary: 'One test, with the evidence for its verdict',
  request: { params: z.object({ uuid: z.string().max(100, { error: 'a UUID' }) }) },
  responses: {
    200: { description: 'The test.', content: { 'application/json': { schema: testDetailSchema } } },
    ...problemAnswers({
      400: 'This is not a UUID.',
      404: 'No such test is known; `near` holds UUIDs that begin with the same characters.',
      503: 'Redis does not answer.',
    }),
  },
});

/** `GET /api/tests/{uuid}`. */
export function testDetailRoute(api: OpenAPIHono, { checkpoints, testUrl, keeper }: ApiParts): void {
  api.openapi(route, async (context) => {
    const { uuid } = context.req.valid('param');
    const spellings = [uuid, uuid.toLowerCase()];
    const read = () => Promise.all([checkpoints.inventory.records(spellings), checkpoints.listing.workspaces()]);
    const [records, workspaces] = await withinTime(checkpoints.client, read);
    for (const record of records) {
      if (record.listing === null) continue;
      context.header('cache-control', 'no-store');
      const detail = testDetail(record, record.listing, workspaces);
      const link = linkTo(testUrl, detail);
      return context.json(
        { ...detail, tree: decisionTree(record, keeper.status?.totals.rules ?? 'tutorial'), link },
        200,
      );
    }
    const near = await withinTime(checkpoints.client, () => checkpoints.inventory.findNear(uuid, mostNear));
    return problem(context, 404, `No test ${uuid} is known here.`, { near });
  });
}

/** Address of a test in UserTesting. @param template `TEST_URL` */
function linkTo(template: string, test: Pick<TestDetail, 'test_uuid' | 'workspace_uuid'>): string | null {
  if (template === '') return null;
  const workspace = encodeURIComponent(test.workspace_uuid);
  return template
    .replaceAll('{test_uuid}', encodeURIComponent(test.test_uuid))
    .replaceAll('{workspace_uuid}', workspace);
}

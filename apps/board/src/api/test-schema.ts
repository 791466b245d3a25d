import { z } from '@hono/zod-openapi';
import { exportRowSchema } from '@inventory/exports';

const asked = z.boolean().nullable();

/** The answer of `GET /api/tests/{uuid}`: one test with the evidence for its verdict. */
export const testDetailSchema = exportRowSchema
  .extend({
    declared: z.object({ type: z.string().nullable(), productType: z.string().nullable() }),
    because: z.string().nullable().openapi({ description: 'What the rule behind the verdict says.' }),
    certaintyBecause: z.string().nullable().openapi({ description: 'Why the verdict is not final; null where it is.' }),
    provisionalUntil: z.iso.datetime().nullable().openapi({
      description: 'The first run after this asks once more; null unless the verdict is provisional.',
    }),
    answers: z
      .array(
        z.object({
          endpoint: z.string(),
          status: z.union([z.literal(200), z.literal(404)]),
          hasSessions: z.boolean().optional(),
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
    queued: z.boolean().openapi({ description: 'Whether it waits for an outcome.' }),
    offers: z
      .object({ video: asked, qxScores: asked, transcript: asked })
      .openapi({ description: 'Which Results data the test offers; null where that was not asked.' }),
  })
  .openapi('TestDetail');
export type TestDetail = z.output<typeof testDetailSchema>;

import { z } from '@hono/zod-openapi';
import { certainties } from '@inventory/classification';
import { exportRowSchema } from '@inventory/exports';
import { kinds } from '../inventory/tally.ts';
import { sortNames } from '../rows/sort-key.ts';

const longest = 200;
const mostRows = 500;

/** A word out of a list. What is wrong is said as "expected …". */
function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

function text(what: string) {
  return z.string().max(longest, { error: `${what} of at most ${longest} characters` });
}

/** What `GET /api/tests` can be asked for. Messages are the end of a sentence that begins with "expected". */
export const testsQuery = z
  .strictObject({
    workspace: text('the UUID of a workspace').optional(),
    platform: word(['UTZ', 'ClassicUT']).optional(),
    type: word(kinds).optional(),
    certainty: word(certainties).optional(),
    q: text('a text')
      .optional()
      .openapi({ description: 'Part of the title, or the start of the UUID; case does not matter.' }),
    sort: word(sortNames).default('uuid'),
    order: word(['asc', 'desc']).default('asc'),
    limit: z
      .string()
      .regex(/^[1-9]\d{0,2}$/, { error: `a whole number from 1 to ${mostRows}` })
      .transform(Number)
      .pipe(z.number().max(mostRows, { error: `a whole number from 1 to ${mostRows}` }))
      .default(50)
      .openapi({ type: 'integer', minimum: 1, maximum: mostRows }),
    cursor: z
      .string()
      .max(2000, { error: 'the `next` of the page before' })
      .optional()
      .openapi({ description: 'The `next` of the page before, asked for with the same `sort` and `order`.' }),
    format: word(['json', 'csv', 'ndjson'])
      .default('json')
      .openapi({ description: 'CSV and NDJSON hold all that match.' }),
  })
  .openapi('TestsQuery');

const rowSchema = exportRowSchema.openapi('TestRow');

/** The answer of `GET /api/tests`: a page of tests. */
export const testsPageSchema = z
  .object({
    tests: z.array(rowSchema),
    total: z.number().int().openapi({ description: 'How many tests match.' }),
    next: z.string().nullable().openapi({ description: 'Cursor of the next page; null when this is the last one.' }),
  })
  .openapi('TestsPage');
export type TestsPage = z.output<typeof testsPageSchema>;

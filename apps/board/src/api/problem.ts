import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';

/** An error in the form of RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'about:blank' }),
    title: z.string().openapi({ example: 'Bad Request' }),
    status: z.number().int().openapi({ example: 400 }),
    detail: z.string().openapi({ description: 'What is wrong and what would be right, for people.' }),
    /** Only for a test that is not known. */
    near: z
      .array(z.string())
      .optional()
      .openapi({ description: 'UUIDs of known tests that begin with the same characters.' }),
  })
  .openapi('Problem');
type Problem = z.output<typeof problemSchema>;

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  410: 'Gone',
  414: 'URI Too Long',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;
type ProblemStatus = keyof typeof titles;

/** An error as an answer. @param detail a sentence for people: what is wrong and what to do */
export function problem<Status extends ProblemStatus>(
  context: Context,
  status: Status,
  detail: string,
  more: Pick<Problem, 'near'> = {},
) {
  const body: Problem = { type: 'about:blank', title: titles[status], status, detail, ...more };
  return context.json(body, status, { 'content-type': 'application/problem+json' });
}

const content = { 'application/problem+json': { schema: problemSchema } };

/** The problems that a route may answer with, for its description. @param why when each status comes */
export function problemAnswers<const Status extends ProblemStatus>(
  why: Readonly<Record<Status, string>>,
): Record<Status, { description: string; content: typeof content }> {
  const entries = Object.entries<string>(why).map(([status, description]) => [status, { description, content }]);
  return Object.fromEntries(entries);
}

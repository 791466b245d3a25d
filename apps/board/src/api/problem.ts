import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';

/**
 * The parameters of a query; any other is refused. Messages are the end of a sentence that begins with "expected".
 * @param shape what each of them may be
 */
export function query<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? names : undefined) });
}

/** How many of something at most: a whole number. */
export function limit({ most, usual }: { readonly most: number; readonly usual: number }) {
  const expected = { error: `a whole number from 1 to ${most}` };
  return z
    .string()
    .regex(/^[1-9]\d{0,8}$/, expected)
    .transform(Number)
    .pipe(z.number().max(most, expected))
    .default(usual)
    .openapi({ type: 'integer', minimum: 1, maximum: most });
}

/** What is wrong with a parameter, as a sentence. @param given the parameters of the request */
export function explainIssue(issue: z.core.$ZodIssue, given: Readonly<Record<string, string | string[]>>): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => short(JSON.stringify(key)));
    return `There is no parameter ${names.join(', ')}: expected ${issue.message}.`;
  }
  const name = String(issue.path[0]);
  const [value, ...more] = [given[name] ?? []].flat();
  if (more.length > 0) return `The parameter ${name} is given ${more.length + 1} times: expected once.`;
  return `The parameter ${name} is ${short(JSON.stringify(value) ?? 'missing')}: expected ${issue.message}.`;
}

const shown = 60;

function short(text: string): string {
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}

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

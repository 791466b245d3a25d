import { z } from '@hono/zod-openapi';

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

import type { z } from 'zod';

const shown = 60;

/**
 * What is wrong with parameters, as one sentence each.
 * @param given the parameters as they came
 * @param known the names that there are
 */
export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string {
  return issues.map((issue) => explainIssue(issue, given, known)).join(' ');
}

function explainIssue(
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => short(JSON.stringify(key)));
    return `There is no parameter ${names.join(', ')}: expected ${known.join(', ')}.`;
  }
  const name = String(issue.path[0]);
  const value = given[name];
  if (Array.isArray(value)) return `The parameter ${name} is given ${value.length} times: expected once.`;
  return `The parameter ${name} is ${short(JSON.stringify(value) ?? 'missing')}: expected ${issue.message}.`;
}

function short(text: string): string {
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}

import { type ProblemStatus, problemSchema } from './problem.ts';

const content = { 'application/problem+json': { schema: problemSchema } };

/** The problems that a route may answer with, for its description. */
export function problemAnswers<const Status extends ProblemStatus>(
  why: Readonly<Record<Status, string>>,
): Record<Status, { description: string; content: typeof content }> {
  const entries = Object.entries<string>(why).map(([status, description]) => [status, { description, content }]);
  return Object.fromEntries(entries);
}

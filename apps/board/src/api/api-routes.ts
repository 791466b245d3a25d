import { OpenAPIHono } from '@hono/zod-openapi';
import type { BoardParts } from '../board-parts.ts';
import { explainIssues } from './explain-issues.ts';
import { problem } from './problem.ts';
import { summaryRoute } from './summary-route.ts';
import { testRoute } from './test-route.ts';
import { testsRoute } from './tests-route.ts';
import { testsQuery } from './tests-schema.ts';

/** The HTTP API below `/api`, with its own description. */
export function apiRoutes(parts: BoardParts): OpenAPIHono {
  const api = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const given = { ...givenParameters(context.req.queries()), ...context.req.param() };
      return problem(context, 400, explainIssues(result.error.issues, given, testsQuery.keyof().options));
    },
  });
  summaryRoute(api, parts);
  testsRoute(api, parts);
  testRoute(api, parts);
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'UserTesting inventory',
      version: '1',
      description: 'Every test of a UserTesting account, and what it is. Read-only.',
    },
    servers: [{ url: '/api' }],
  });
  return api;
}

function givenParameters(queries: Readonly<Record<string, string[]>>): Record<string, unknown> {
  const entries = Object.entries(queries).map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  return Object.fromEntries(entries);
}

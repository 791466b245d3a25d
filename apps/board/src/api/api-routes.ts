import { OpenAPIHono } from '@hono/zod-openapi';
import type { Checkpoints } from '@inventory/checkpoints';
import type { IndexKeeper } from '../inventory/index-keeper.ts';
import type { TestIndex } from '../inventory/test-index.ts';
import { explainIssue } from './parameters.ts';
import { problem } from './problem.ts';
import { runsRoutes } from './runs.ts';
import { summaryRoute } from './summary.ts';
import { testDetailRoute } from './test-detail.ts';
import { testsRoute } from './tests.ts';

export interface ApiParts {
  readonly checkpoints: Checkpoints;
  readonly index: TestIndex;
  readonly keeper: IndexKeeper;
  /** The path below which a proxy shows the board; empty for none. */
  readonly basePath: string;
  /** `ACCOUNT_NAME`; may be empty. */
  readonly account: string;
  /** `TEST_URL`; empty for no links. */
  readonly testUrl: string;
}

/** The HTTP API below `/api`, with its own description. */
export function apiRoutes(parts: ApiParts): OpenAPIHono {
  const api = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const given = { ...context.req.queries(), ...context.req.param() };
      return problem(context, 400, result.error.issues.map((issue) => explainIssue(issue, given)).join(' '));
    },
  });
  for (const addTo of [summaryRoute, testsRoute, testDetailRoute, runsRoutes]) addTo(api, parts);
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'UserTesting inventory',
      version: '1',
      description: 'All tests of a UserTesting account with their categories. Read-only.',
    },
    servers: [{ url: `${parts.basePath}/api` }],
  });
  return api;
}

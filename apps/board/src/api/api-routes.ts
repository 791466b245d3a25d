import { OpenAPIHono } from '@hono/zod-openapi';
import type { Checkpoints } from '@inventory/checkpoints';
import type { z } from 'zod';
import type { IndexKeeper } from '../inventory/index-keeper.ts';
import type { TestIndex } from '../inventory/test-index.ts';
import { problem } from './problem.ts';
import { runsRoutes } from './runs.ts';
import { summaryRoute } from './summary.ts';
import { testDetailRoute } from './test-detail.ts';
import { testsRoute } from './tests.ts';

/** What the API's answers are made from. */
export interface ApiParts {
  readonly checkpoints: Checkpoints;
  readonly index: TestIndex;
  readonly keeper: IndexKeeper;
  /** The path below which a proxy shows the board; empty for none. */
  readonly basePath: string;
  /** `ACCOUNT_NAME`. */
  readonly account: string;
  /** `TEST_URL`. */
  readonly testUrl: string;
}

/** The HTTP API below `/api`, with its own description. */
export function apiRoutes({ checkpoints, index, keeper, basePath, account, testUrl }: ApiParts): OpenAPIHono {
  const api = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const given = { ...context.req.queries(), ...context.req.param() };
      return problem(context, 400, result.error.issues.map((issue) => explainIssue(issue, given)).join(' '));
    },
  });
  summaryRoute(api, { index, keeper, account });
  testsRoute(api, index.store, () => keeper.cursor);
  testDetailRoute(api, { checkpoints, testUrl, rules: () => keeper.status?.totals.rules ?? 'tutorial' });
  runsRoutes(api, checkpoints);
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'UserTesting inventory',
      version: '1',
      description: 'All tests of a UserTesting account with their categories. Read-only.',
    },
    servers: [{ url: `${basePath}/api` }],
  });
  return api;
}

/** What is wrong with a parameter, as a sentence. @param given the parameters of the request */
function explainIssue(issue: z.core.$ZodIssue, given: Readonly<Record<string, string | string[]>>): string {
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

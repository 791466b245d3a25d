import type { Logger } from '@inventory/logger';
import type { TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { apiRoutes } from '../api/api-routes.ts';
import { problem } from '../api/problem.ts';
import type { IndexKeeper } from '../inventory/index-keeper.ts';
import type { TestIndex } from '../inventory/test-index.ts';
import { metricsRoute } from '../metrics/metrics-route.ts';
import { pageRoutes } from './page-routes.ts';
import { queuePages } from './queue-pages.ts';
import { RedisAwayError, readyRoute, redisGuard, untilLoaded } from './redis-away.ts';
import { requestLimits, requestLog, securityHeaders, visitors } from './safety.ts';

/** What the board's answers are made from. */
export interface BoardParts {
  readonly runtime: Runtime;
  readonly index: TestIndex;
  readonly keeper: IndexKeeper;
  readonly queue: TestQueue;
}

const queuesPath = '/queues';

/** All routes of the board. */
export function boardApp({ runtime, index, keeper, queue }: BoardParts): Hono {
  const { settings, client, checkpoints, logger } = runtime;
  const headers = securityHeaders({ inlineStyles: false });
  const queueHeaders = securityHeaders({ inlineStyles: true });
  const errors = () => keeper.loaded.then(() => index.errors.values());
  const app = new Hono();
  app.onError((error, context) => answerError(error, context, logger));
  app.notFound((context) => problem(context, 404, `There is nothing at ${context.req.path}.`));
  app.use(requestLog(logger));
  app.use((context, next) => (isBelow(queuesPath, context.req.path) ? queueHeaders : headers)(context, next));
  app.use(requestLimits);
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.use(visitors({ user: settings.boardUser, password: settings.boardPassword }));
  app.get('/readyz', readyRoute(client));
  app.use('/api/*', untilLoaded(keeper.loaded));
  app.route('/api', apiRoutes({ checkpoints, index, keeper }));
  app.use(`${queuesPath}/api/*`, redisGuard(client));
  app.route(queuesPath, queuePages(queue.bull, queuesPath));
  app.route('/', metricsRoute({ runtime, queue, errors, logger }));
  app.route('/', pageRoutes());
  return app;
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** The answer to a request that failed. Details go to the log, not to the visitor. */
function answerError(error: Error, context: Context, logger: Logger): Response {
  if (error instanceof RedisAwayError) {
    return problem(
      context,
      503,
      'Redis does not answer. What was read before is still served; the rest follows by itself.',
    );
  }
  if (error instanceof HTTPException && error.status === 401) {
    const challenge = error.getResponse().headers.get('www-authenticate');
    if (challenge !== null) context.header('www-authenticate', challenge);
    return problem(context, 401, 'User and password are needed: BOARD_USER and BOARD_PASSWORD of the board.');
  }
  logger.error({ err: error, path: context.req.path }, 'could not answer a request');
  return problem(context, 500, 'Something went wrong here. The log of the board says what.');
}

import { Hono } from 'hono';
import { answerError } from './answer-error.ts';
import { apiRoutes } from './api/api-routes.ts';
import { problem } from './api/problem.ts';
import type { BoardParts } from './board-parts.ts';
import { readyRoute } from './health/ready-route.ts';
import { redisGuard } from './health/redis-guard.ts';
import { untilLoaded } from './health/until-loaded.ts';
import { metricsRoute } from './metrics/metrics-route.ts';
import { pageRoutes } from './page-routes.ts';
import { queuePages } from './queues/queue-pages.ts';
import { hostGuard } from './safety/host-guard.ts';
import { password } from './safety/password.ts';
import { requestLimits } from './safety/request-limits.ts';
import { requestLog } from './safety/request-log.ts';
import { securityHeaders } from './safety/security-headers.ts';

const queuesPath = '/queues';

/** Everything that the board answers to. */
export function boardApp(parts: BoardParts): Hono {
  const { runtime, index, keeper, queue } = parts;
  const { settings, client, logger } = runtime;
  const headers = securityHeaders({ inlineStyles: false });
  const queueHeaders = securityHeaders({ inlineStyles: true });
  const app = new Hono();
  app.onError((error, context) => answerError(error, context, logger));
  app.notFound((context) => problem(context, 404, `There is nothing at ${context.req.path}.`));
  app.use(requestLog(logger));
  app.use((context, next) => (isBelow(queuesPath, context.req.path) ? queueHeaders : headers)(context, next));
  app.use(requestLimits());
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.use(settings.boardPassword === '' ? hostGuard() : password(settings.boardUser, settings.boardPassword));
  app.get('/readyz', readyRoute(client));
  app.use('/api/*', untilLoaded(keeper));
  app.route('/api', apiRoutes(parts));
  app.use(`${queuesPath}/api/*`, redisGuard(client));
  app.route(queuesPath, queuePages(queue.bull, queuesPath));
  app.route(
    '/',
    metricsRoute({ runtime, queue, errors: () => keeper.loaded.then(() => index.errors.values()), logger }),
  );
  app.route('/', pageRoutes());
  return app;
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

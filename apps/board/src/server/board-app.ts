import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Logger } from '@inventory/logger';
import type { TestQueue } from '@inventory/queue';
import type { Runtime } from '@inventory/runtime';
import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { getPath } from 'hono/utils/url';
import { apiRoutes } from '../api/api-routes.ts';
import { problem } from '../api/problem.ts';
import type { IndexKeeper } from '../inventory/index-keeper.ts';
import type { TestIndex } from '../inventory/test-index.ts';
import { metricsRoute } from '../metrics/metrics-route.ts';
import { oneAtATime, queuePages } from './queue-pages.ts';
import { RedisAwayError, readyRoute, redisGuard, untilLoaded } from './redis-away.ts';
import { ownPagesOnly, requestLimits, requestLog, securityHeaders } from './safety.ts';
import { Guesses, TooManyRequestsError, visitors } from './visitors.ts';

export interface BoardParts {
  readonly runtime: Runtime;
  readonly index: TestIndex;
  readonly keeper: IndexKeeper;
  readonly queue: TestQueue;
}

const queuesPath = '/queues';

/**
 * All routes of the board. With a base path they exist twice: below it, and without it, for proxies that take it off
 * the address, health checks and scrapes.
 */
export function boardApp({ runtime, index, keeper, queue }: BoardParts): Hono {
  const { settings, client, checkpoints, logger } = runtime;
  const { boardUser: user, boardPassword: password, boardBasePath: basePath, accountName, testUrl } = settings;
  const headers = securityHeaders({ inlineStyles: false });
  const queueHeaders = securityHeaders({ inlineStyles: true });
  const errors = () => keeper.loaded.then(() => index.errors.values());
  const guesses = new Guesses(logger);
  const app = new Hono({ getPath: (request) => withoutBase(basePath, getPath(request)) });
  app.onError((error, context) => answerError(error, context, logger));
  const proxied =
    basePath === '' ? ' Where a proxy shows the board below a path, set BOARD_BASE_PATH to that path.' : '';
  app.notFound((context) => {
    const { path } = context.req;
    const advice = isBelow('/api', path) ? ' /api/openapi.json says what there is.' : proxied;
    return problem(context, 404, `There is nothing at ${path}.${advice}`);
  });
  app.use(requestLog(logger));
  app.use((context, next) => (isBelow(queuesPath, context.req.path) ? queueHeaders : headers)(context, next));
  app.use(requestLimits, ownPagesOnly);
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.use(visitors({ user, password, guesses }));
  app.get('/readyz', readyRoute(client));
  app.use('/api/*', untilLoaded(keeper.loaded));
  app.route('/api', apiRoutes({ checkpoints, index, keeper, basePath, account: accountName, testUrl }));
  app.use(`${queuesPath}/api/*`, oneAtATime(), redisGuard(client));
  app.route(queuesPath, queuePages(queue.bull, { path: queuesPath, basePath }));
  app.route('/', metricsRoute({ runtime, queue, errors, logger, wrongPasswords: () => guesses.total }));
  app.route('/', pageRoutes(basePath));
  return app;
}

function withoutBase(basePath: string, path: string): string {
  return isBelow(basePath, path) ? path.slice(basePath.length) || '/' : path;
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
      'Redis does not answer. What was read before is still served; the rest is read as soon as it does.',
    );
  }
  if (error instanceof TooManyRequestsError) {
    context.header('retry-after', '10');
    return problem(context, 429, 'Too many requests from this address wait for their turn. Ask again in a while.');
  }
  if (error instanceof HTTPException && error.status === 401) {
    const challenge = error.getResponse().headers.get('www-authenticate');
    if (challenge !== null) context.header('www-authenticate', challenge);
    return problem(context, 401, 'User and password are needed: BOARD_USER and BOARD_PASSWORD of the board.');
  }
  logger.error({ err: error, path: context.req.path }, 'could not answer a request');
  return problem(context, 500, 'Something went wrong here. The log of the board says what.');
}

/** Where the build puts the page; the same folder seen from the sources and from the built program. */
const root = fileURLToPath(new URL('../../dist/page/', import.meta.url));
const assets = /^\/assets\/[\w.-]+\.(?:js|css|svg|map)$/;

/**
 * The inventory page and its files. Names stay when contents change, so browsers ask each time, by ETag.
 * @param basePath where a proxy shows the page. Its links are relative, so its address needs a slash at the end
 */
function pageRoutes(basePath: string): Hono {
  const routes = new Hono();
  const onFound = (_: string, context: Context): void => context.header('cache-control', 'no-cache');
  routes.use('/', etag());
  routes.get('/', async (context, next) => {
    const { pathname, search } = new URL(context.req.url);
    return basePath !== '' && pathname === basePath ? context.redirect(`${basePath}/${search}`) : next();
  });
  routes.get('/', serveStatic({ root, path: 'index.html', onFound }));
  routes.use('/assets/*', etag());
  routes.use('/assets/*', async (context, next) => (assets.test(context.req.path) ? next() : context.notFound()));
  routes.get('/assets/*', serveStatic({ root, rewriteRequestPath: (path) => path.slice('/assets'.length), onFound }));
  return routes;
}

import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';

/** Where the build puts the page; the same folder seen from the sources and from the built program. */
const root = fileURLToPath(new URL('../../dist/page/', import.meta.url));
const assets = /^\/assets\/[\w.-]+\.(?:js|css|svg|map)$/;

/**
 * The inventory page and its files. Names stay when contents change, so browsers ask each time, by ETag.
 * @param basePath where a proxy shows the page. Its links are relative, so its address needs a slash at the end
 */
export function pageRoutes(basePath: string): Hono {
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

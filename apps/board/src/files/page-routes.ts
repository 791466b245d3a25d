import { existsSync } from 'node:fs';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import type { PageFolders } from './page-folders.ts';

const served = /\.(?:m?js|map|css|svg)$/;

/** The inventory page and what belongs to it. Names stay when contents change, so browsers ask each time, by ETag. */
export function pageRoutes(markup: string, { folders }: Pick<PageFolders, 'folders'>): Hono {
  const routes = new Hono();
  routes.use('/', etag());
  routes.use('/assets/*', etag());
  routes.use('/assets/*', async (context, next) => (served.test(context.req.path) ? next() : context.notFound()));
  routes.get('/', (context) => context.html(markup, 200, { 'cache-control': 'no-cache' }));
  for (const [path, root] of folders) {
    if (!existsSync(root)) continue;
    const rewriteRequestPath = (requested: string): string => requested.slice(path.length);
    const onFound = (_: string, context: Context): void => context.header('cache-control', 'no-cache');
    routes.get(`${path}/*`, serveStatic({ root, rewriteRequestPath, onFound }));
  }
  return routes;
}

import { fileURLToPath } from 'node:url';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import type { HttpBindings } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Queue } from 'bullmq';
import { Hono, type MiddlewareHandler } from 'hono';
import { addressOf, Turns } from './visitors.ts';

/** Where the build puts Bull Board's page; the same folder seen from the sources and from the built program. */
const files = fileURLToPath(new URL('../../dist/queue-pages/', import.meta.url));

/** A reference to another origin in the markup: Bull Board loads its font from one. */
const foreignLink = /<link\b[^>]*\bhref="https?:[^>]*>/g;

/** A link back to the inventory: Bull Board's page has no place for one. */
function wayBack(basePath: string): string {
  const style =
    'position:fixed;z-index:9999;left:12px;bottom:48px;padding:6px 12px;border-radius:6px;background:#1f55c4;color:#fff;' +
    'font:600 14px system-ui,sans-serif;text-decoration:none';
  return `<a href="${basePath}/" style="${style}">← Test inventory</a>`;
}

/** Jobs of one state that Bull Board's API gives at most; its page asks for ten. */
const mostJobs = 100;

interface QueuePagesOptions {
  /** Where Bull Board is mounted. */
  readonly path: string;
  /** The path below which a proxy shows the board; empty for none. */
  readonly basePath: string;
}

/** Bull Board, read-only. */
export function queuePages(queue: Queue, { path, basePath }: QueuePagesOptions): Hono {
  const adapter = new HonoAdapter(serveStatic);
  adapter.setBasePath(path);
  createBullBoard({
    queues: [new QueueView(queue, { readOnlyMode: true })],
    serverAdapter: adapter,
    options: {
      uiBasePath: files,
      uiConfig: { boardTitle: 'Queue of tests', hideRedisDetails: true, hideDocsLink: true },
    },
  });
  const pages = new Hono();
  pages.use(async (context, next) => {
    await next();
    if (!context.res.headers.get('content-type')?.startsWith('text/html')) return;
    const markup = await context.res.text();
    context.res = context.html(markup.replaceAll(foreignLink, '').replace('<div id="root">', `${wayBack(basePath)}$&`));
  });
  pages.use('/api/*', limitJobs);
  pages.route('/', adapter.registerPlugin());
  // The page finds its base path in the browser; its routes exist already.
  adapter.setBasePath(basePath + path);
  return pages;
}

/** Asks Bull Board for at most 100 jobs: it would hold all of them in memory at once. */
const limitJobs: MiddlewareHandler = async (context, next) => {
  const url = new URL(context.req.url);
  if (url.searchParams.getAll('jobsPerPage').some((asked) => !(Number(asked) <= mostJobs))) {
    url.searchParams.set('jobsPerPage', String(mostJobs));
    context.req.raw = new Request(url, { headers: context.req.raw.headers });
  }
  return next();
};

/** Lets each address ask for one thing at a time: the next one is looked up when the last answer has been sent. */
export function oneAtATime(): MiddlewareHandler<{ Bindings: HttpBindings }> {
  const turns = new Turns();
  return async (context, next) => {
    const { outgoing } = context.env;
    const end = await turns.wait(addressOf(context));
    if (outgoing.closed || outgoing.destroyed) {
      // The client has disconnected since.
      end();
      return context.body(null, 503);
    }
    outgoing.once('close', end);
    return next();
  };
}

/** The queue for Bull Board, to look at only. A failed job shows its reason without the stack trace. */
class QueueView extends BullMQAdapter {
  override async getJob(id: string) {
    const job = await super.getJob(id);
    if (job) job.stacktrace = [];
    return job;
  }

  override async getJobs(...args: Parameters<BullMQAdapter['getJobs']>) {
    const [states, start = 0, end = mostJobs] = args;
    const jobs = await super.getJobs(states, start, Math.min(end, start + mostJobs - 1));
    for (const job of jobs) job.stacktrace = [];
    return jobs;
  }
}

import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Queue } from 'bullmq';
import { Hono } from 'hono';

/** A reference to another origin in the markup: Bull Board loads its font from one. */
const foreignLink = /<link\b[^>]*\bhref="https?:[^>]*>/g;

/** Bull Board, read-only. @param path where it is mounted */
export function queuePages(queue: Queue, path: string): Hono {
  const adapter = new HonoAdapter(serveStatic);
  adapter.setBasePath(path);
  createBullBoard({
    queues: [new QueueView(queue, { readOnlyMode: true })],
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Queue of tests', hideRedisDetails: true, hideDocsLink: true } },
  });
  const pages = new Hono();
  pages.use(async (context, next) => {
    await next();
    if (!context.res.headers.get('content-type')?.startsWith('text/html')) return;
    const markup = await context.res.text();
    context.res = context.html(markup.replaceAll(foreignLink, ''));
  });
  return pages.route('/', adapter.registerPlugin());
}

/** The queue for Bull Board, to look at only. A failed job shows its reason without the stack trace. */
class QueueView extends BullMQAdapter {
  override async getJob(id: string) {
    const job = await super.getJob(id);
    if (job) job.stacktrace = [];
    return job;
  }

  override async getJobs(...args: Parameters<BullMQAdapter['getJobs']>) {
    const jobs = await super.getJobs(...args);
    for (const job of jobs) job.stacktrace = [];
    return jobs;
  }
}

import type { Logger } from '@inventory/logger';
import type { MiddlewareHandler } from 'hono';

/** Logs requests, without what they search for. */
export function requestLog(logger: Logger): MiddlewareHandler {
  return async (context, next) => {
    const startedAt = performance.now();
    await next();
    const { method, path } = context.req;
    const ms = Math.round(performance.now() - startedAt);
    logger.debug({ method, path, status: context.res.status, ms }, 'answered');
  };
}

import type { MiddlewareHandler } from 'hono';
import { problem } from '../api/problem.ts';

const longestUrl = 4_096;

/** The board only reads: it refuses every other method, and addresses of more than 4,096 characters. */
export function requestLimits(): MiddlewareHandler {
  return async (context, next) => {
    const { method, url } = context.req;
    if (method !== 'GET' && method !== 'HEAD') {
      context.header('allow', 'GET, HEAD');
      return problem(context, 405, `The board only reads: expected GET or HEAD.`);
    }
    if (url.length > longestUrl) return problem(context, 414, `The address has more than ${longestUrl} characters.`);
    return next();
  };
}

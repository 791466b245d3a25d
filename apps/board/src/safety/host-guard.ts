import type { MiddlewareHandler } from 'hono';
import { problem } from '../api/problem.ts';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Refuses requests that are not meant for this machine by name. A board without a password listens on loopback only;
 * a page elsewhere whose name was made to point there would otherwise read it with the visitor's browser.
 */
export function hostGuard(): MiddlewareHandler {
  return async (context, next) => {
    if (loopback.test(context.req.header('host') ?? '')) return next();
    return problem(
      context,
      403,
      'Without a password the board answers to localhost only. Set BOARD_PASSWORD for others.',
    );
  };
}

import type { Logger } from '@inventory/logger';
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { problem } from '../api/problem.ts';

const nothing = ["'none'"];
const own = ["'self'"];

/**
 * Headers for every answer. The page may load from the board's own origin only, and no site may embed it. Bull Board
 * has styles in its markup, so its pages allow them; scripts in markup never run.
 */
export function securityHeaders({ inlineStyles }: { inlineStyles: boolean }): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: nothing,
      scriptSrc: own,
      styleSrc: inlineStyles ? [...own, "'unsafe-inline'"] : own,
      imgSrc: [...own, 'data:'],
      fontSrc: own,
      connectSrc: own,
      baseUri: inlineStyles ? own : nothing,
      formAction: nothing,
      frameAncestors: nothing,
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    // The board speaks plain HTTP; a proxy that adds TLS decides about this header.
    strictTransportSecurity: false,
  });
}

/** Logs requests, without their query: it holds what visitors search for. */
export function requestLog(logger: Logger): MiddlewareHandler {
  return async (context, next) => {
    const startedAt = performance.now();
    await next();
    const { method, path } = context.req;
    const ms = Math.round(performance.now() - startedAt);
    logger.debug({ method, path, status: context.res.status, ms }, 'answered');
  };
}

const longestUrl = 4_096;

/** The board only reads: it refuses every method but GET and HEAD, and addresses of more than 4,096 characters. */
export const requestLimits: MiddlewareHandler = async (context, next) => {
  const { method, url } = context.req;
  if (method !== 'GET' && method !== 'HEAD') {
    context.header('allow', 'GET, HEAD');
    return problem(context, 405, `The board only reads: expected GET or HEAD.`);
  }
  if (url.length > longestUrl) return problem(context, 414, `The address has more than ${longestUrl} characters.`);
  return next();
};

/**
 * Refuses what a foreign page lets a browser ask: it could not read the answers, but measure them, and so search titles
 * (a search that finds nothing is answered sooner). A link from elsewhere that opens the page in a tab is fine.
 * Browsers send these headers over https and to localhost.
 */
export const ownPagesOnly: MiddlewareHandler = async (context, next) => {
  const site = context.req.header('sec-fetch-site') ?? 'none';
  if (site === 'same-origin' || site === 'none') return next();
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = context.req.header();
  if (mode === 'navigate' && destination === 'document') return next();
  return problem(context, 403, 'Pages of other sites may link to the board, and not ask it for anything.');
};

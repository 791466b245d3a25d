import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

const nothing = ["'none'"];
const own = ["'self'"];

/**
 * Headers for every answer. Nothing but the board's own origin is contacted, and nobody may embed it. Bull Board sets
 * styles in its markup, so its pages may; scripts in markup run nowhere but for the page's import map.
 * @param scripts sources of scripts beyond the origin: the digests of scripts in the page's markup
 */
export function securityHeaders(
  scripts: readonly string[],
  { inlineStyles }: { inlineStyles: boolean },
): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: nothing,
      scriptSrc: [...own, ...scripts],
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
    // The board speaks plain HTTP; whoever puts TLS in front of it decides about this.
    strictTransportSecurity: false,
  });
}

import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

const nothing = ["'none'"];
const own = ["'self'"];

/**
 * Headers for every answer. The page may load from the board's own origin only, and nobody may embed it. Bull Board
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
    // The board speaks plain HTTP; whoever puts TLS in front of it decides about this.
    strictTransportSecurity: false,
  });
}

import { randomBytes } from 'node:crypto';

/** A token that was handed out. `generation` counts the tokens from 1. */
interface IssuedToken {
  readonly token: string;
  readonly generation: number;
}

/** What is known of a token that came with a request; generation 0 is a token that was never handed out, or none. */
interface TokenCheck {
  readonly valid: boolean;
  readonly generation: number;
}

export interface TokenDesk {
  issue(lifeMs: number): IssuedToken;
  check(authorization: string | undefined): TokenCheck;
  /** Makes every token handed out so far worthless. */
  revokeAll(): void;
  /** How many tokens were handed out. */
  issued(): number;
}

/** Hands out access tokens that start with `sandbox-token-` and knows which are still good. The clock gives ms. */
export function tokenDesk(clock: () => number): TokenDesk {
  const expiries = new Map<string, { generation: number; expiresAt: number }>();
  let generation = 0;
  let revokedUpTo = 0;
  return {
    issue(lifeMs) {
      generation += 1;
      const token = `sandbox-token-${generation}-${randomBytes(16).toString('hex')}`;
      expiries.set(token, { generation, expiresAt: clock() + lifeMs });
      return { token, generation };
    },
    check(authorization) {
      const [, token = ''] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
      const known = expiries.get(token);
      if (!known) return { valid: false, generation: 0 };
      const valid = known.generation > revokedUpTo && clock() < known.expiresAt;
      return { valid, generation: known.generation };
    },
    revokeAll() {
      revokedUpTo = generation;
    },
    issued: () => generation,
  };
}

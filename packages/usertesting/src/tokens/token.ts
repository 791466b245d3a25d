/** An access token as the cluster shares it. */
export interface Token {
  readonly accessToken: string;
  /** Epoch seconds, as in `.env`. */
  readonly expiresAt: number;
  /** How many tokens this account has had in Redis, this one included. */
  readonly generation: number;
  /** When it was asked for, epoch ms. */
  readonly obtainedAt: number;
  /** From then to its expiry, ms. */
  readonly lifetimeMs: number;
}

const refreshBeforeMs = 300_000;

/** Whether the token has not expired at `nowMs` (epoch ms). */
export function isValid({ expiresAt }: Token, nowMs: number): boolean {
  return expiresAt * 1000 > nowMs;
}

/**
 * When to replace a token (epoch ms): five minutes before it expires, or at half its life when it lives less than
 * ten minutes.
 */
export function refreshDueAt({ expiresAt, obtainedAt, lifetimeMs }: Token): number {
  return lifetimeMs < 2 * refreshBeforeMs ? obtainedAt + lifetimeMs / 2 : expiresAt * 1000 - refreshBeforeMs;
}

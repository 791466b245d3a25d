import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@inventory/logger';
import { ApiError, CredentialsRefusedError } from '../errors.ts';
import { refreshDueAt, type Token } from './token.ts';

export interface RefreshAheadOptions {
  /** The cluster's token as it is now. */
  readonly shared: () => Promise<Token | null>;
  /** Replaces that token, unless somebody has done so. */
  readonly replace: (token: Token | null) => Promise<unknown>;
  readonly logger: Logger;
  /** Epoch ms. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

const shortestWaitMs = 200;
const longestWaitMs = 30_000;

/**
 * Replaces tokens before they expire, until the signal fires. While the endpoint is down it comes again after a
 * growing pause; the old token goes on being used. Credentials that are refused aren't tried twice for one token.
 * Never rejects.
 */
export async function refreshAhead({ shared, replace, logger, now, signal }: RefreshAheadOptions): Promise<void> {
  let failures = 0;
  let refusedGeneration = -1;
  while (!signal.aborted) {
    let waitMs = longestWaitMs;
    let generation = 0;
    try {
      const token = await shared();
      generation = token?.generation ?? 0;
      const dueInMs = token === null ? 0 : refreshDueAt(token) - now();
      if (dueInMs > 0) waitMs = dueInMs;
      else if (generation !== refusedGeneration) {
        await replace(token);
        waitMs = 0;
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      const reason = error instanceof Error ? error.message : 'unknown';
      if (error instanceof CredentialsRefusedError) {
        refusedGeneration = generation;
        logger.error({ reason }, 'no new access token can be had with these credentials');
      } else {
        failures += 1;
        const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
        waitMs = Math.max(asked, 2 ** Math.min(failures, 5) * 1000 * (1 + Math.random() / 4));
        logger.warn({ reason, failures }, 'the access token could not be refreshed yet');
      }
    }
    const pauseMs = Math.min(Math.max(waitMs, shortestWaitMs), longestWaitMs);
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '@inventory/redis';
import { TokenEndpointDownError } from '../errors.ts';
import type { TokenRecord } from './create-token-record.ts';
import { createTokenRequest } from './create-token-request.ts';
import { isValid, type Token } from './token.ts';
import type { TokenKeeperOptions } from './token-keeper-options.ts';

export interface TokenSourceOptions extends TokenKeeperOptions {
  readonly record: TokenRecord;
  readonly lockKey: string;
  readonly now: () => number;
  /** The settings' token, while it is worth offering. */
  readonly given: () => Omit<Token, 'generation'> | null;
}

/**
 * Gives a token that is good: somebody's, the settings', or a new one. Of all processes one asks the endpoint while the
 * others wait for what it gets.
 * @throws CredentialsRefusedError, TokenEndpointDownError
 */
export type TokenSource = (isGood: (token: Token) => boolean, signal: AbortSignal) => Promise<Token>;

const lockMs = 15_000;
const pollMs = 100;
const patienceMs = 60_000;

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { redis, record, lockKey, given, onNewToken, secrets, logger, now } = options;
  const request = createTokenRequest(options);

  async function alone(isGood: (token: Token) => boolean, signal: AbortSignal): Promise<Token> {
    const { token: shared } = await record.read();
    if (shared !== null && isGood(shared)) return shared;
    const generation = shared?.generation ?? 0;
    const offered = shared !== null && isValid(shared, now()) ? null : given();
    if (offered !== null) return save(generation, offered, 'given');
    const sentAt = now();
    const { accessToken, lifetimeMs } = await request(signal);
    secrets.add(accessToken);
    const expiresAt = Math.floor((sentAt + lifetimeMs) / 1000);
    const token = await save(generation, { accessToken, expiresAt, obtainedAt: sentAt, lifetimeMs }, 'obtained');
    logger.info({ generation: token.generation, expiresAt }, 'new access token');
    await onNewToken(token).catch((error: unknown) => {
      logger.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'the new token could not be kept');
    });
    return token;
  }

  /** Two saves at once happen only when a lock was lost; the token that was saved first is the shared one. */
  async function save(after: number, token: Omit<Token, 'generation'>, origin: 'given' | 'obtained'): Promise<Token> {
    await record.save(after, token, origin);
    return (await record.read()).token ?? { ...token, generation: after + 1 };
  }

  return async (isGood, signal) => {
    const endsAt = performance.now() + patienceMs;
    while (performance.now() < endsAt && !signal.aborted) {
      const locked = await withLock(redis, lockKey, lockMs, () => alone(isGood, signal));
      if (locked.held) return locked.result;
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
      const { token: shared } = await record.read();
      if (shared !== null && isGood(shared)) return shared;
    }
    throw new TokenEndpointDownError(
      signal.aborted
        ? 'Stopped while waiting for an access token.'
        : 'Another process has been waiting for an access token for a minute. Check that the token endpoint is up.',
    );
  };
}

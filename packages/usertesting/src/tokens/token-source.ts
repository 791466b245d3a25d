import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, type SecretRegistry } from '@inventory/logger';
import { type Keyspace, withLock } from '@inventory/redis';
import { TokenEndpointDownError } from '../errors.ts';
import { createTokenRequest, type TokenRequest, type TokenRequestOptions } from './token-endpoint.ts';
import { isValid, type Token, type TokenRecord } from './token-record.ts';

export interface TokenSourceOptions extends TokenRequestOptions {
  readonly keyspace: Keyspace;
  /** Called with each token that this process obtained, to write it to `.env`. Its failure is only logged. */
  readonly onNewToken: (token: Token) => Promise<void>;
  /** Learns every token. */
  readonly secrets: SecretRegistry;
  /** The local clock, epoch ms. */
  readonly now?: () => number;
}

export interface TokenWanted {
  readonly isGood: (token: Token) => boolean;
  /** The token of the settings; null when there is none to try. */
  readonly given: () => Omit<Token, 'generation'> | null;
  readonly signal: AbortSignal;
}

const lockMs = 15_000;
const pollMs = 100;
const patienceMs = 60_000;

/** Where a good token comes from: from Redis, from the settings, or from the token endpoint. */
export class TokenSource {
  readonly #options: TokenSourceOptions;
  readonly #record: TokenRecord;
  readonly #request: TokenRequest;
  readonly #now: () => number;

  constructor(options: TokenSourceOptions, record: TokenRecord) {
    this.#options = options;
    this.#record = record;
    this.#request = createTokenRequest(options);
    this.#now = options.now ?? Date.now;
  }

  /**
   * Of all processes, one asks the endpoint while the others wait for the token that it gets.
   * @throws CredentialsRefusedError, TokenEndpointDownError
   */
  async get(wanted: TokenWanted): Promise<Token> {
    const { isGood, signal } = wanted;
    const endsAt = performance.now() + patienceMs;
    while (performance.now() < endsAt && !signal.aborted) {
      const { client } = this.#options.keyspace;
      const locked = await withLock({ client, key: this.#record.lockKey, ttlMs: lockMs }, () => this.#getAlone(wanted));
      if (locked.held) return locked.result;
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
      const { token: shared } = await this.#record.read();
      if (shared !== null && isGood(shared)) return shared;
    }
    throw new TokenEndpointDownError(
      signal.aborted
        ? 'Stopped while waiting for an access token.'
        : 'Another process has been waiting for an access token for a minute. Check that the token endpoint is up.',
    );
  }

  async #getAlone({ isGood, given, signal }: TokenWanted): Promise<Token> {
    const { token: shared } = await this.#record.read();
    if (shared !== null && isGood(shared)) return shared;
    const generation = shared?.generation ?? 0;
    const offered = shared !== null && isValid(shared, this.#now()) ? null : given();
    return offered === null ? this.#obtain(generation, signal) : this.#save(generation, offered, 'given');
  }

  async #obtain(generation: number, signal: AbortSignal): Promise<Token> {
    const { secrets, logger, onNewToken } = this.#options;
    const sentAt = this.#now();
    const { accessToken, lifetimeMs } = await this.#request(signal);
    secrets.add(accessToken);
    const expiresAt = Math.floor((sentAt + lifetimeMs) / 1000);
    const token = await this.#save(generation, { accessToken, expiresAt, obtainedAt: sentAt, lifetimeMs }, 'obtained');
    logger.info({ generation: token.generation, expiresAt }, 'new access token');
    await onNewToken(token).catch((error: unknown) => {
      logger.warn({ reason: messageOf(error) }, 'the new token could not be saved outside Redis');
    });
    return token;
  }

  /** Two processes save at once only when a lock was lost; the token that was saved first is the shared one. */
  async #save(after: number, token: Omit<Token, 'generation'>, origin: 'given' | 'obtained'): Promise<Token> {
    await this.#record.save(after, token, origin);
    return (await this.#record.read()).token ?? { ...token, generation: after + 1 };
  }
}

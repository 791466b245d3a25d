import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, type SecretRegistry } from '@inventory/logger';
import { type Keyspace, withLock } from '@inventory/redis';
import { ApiError, CredentialsRefusedError, TokenEndpointDownError } from '../errors.ts';
import { createTokenRequest, type TokenRequest, type TokenRequestOptions } from './token-endpoint.ts';
import { b64token, isValid, refreshDueAt, type Token, TokenRecord } from './token-record.ts';

export interface TokenKeeperOptions extends TokenRequestOptions {
  readonly keyspace: Keyspace;
  /** A token from the settings; `expiresAt` in epoch seconds, 0 = not known, which counts as expired. */
  readonly initial: { readonly accessToken: string; readonly expiresAt: number } | null;
  /** Called with each token that this process obtained, to write it to `.env`. Its failure is only logged. */
  readonly onNewToken: (token: Token) => Promise<void>;
  /** Learns every token. */
  readonly secrets: SecretRegistry;
  /** The local clock, epoch ms. */
  readonly now?: () => number;
}

type IsGood = (token: Token) => boolean;

const lockMs = 15_000;
const pollMs = 100;
const patienceMs = 60_000;
const shortestWaitMs = 200;
const longestWaitMs = 30_000;

/**
 * The one access token that all processes of an account share through Redis. Calls wait for Redis as long as its client
 * does.
 */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  readonly #now: () => number;
  readonly #record: TokenRecord;
  readonly #request: TokenRequest;
  /** The token of the settings until it is refused. */
  #initial: TokenKeeperOptions['initial'];
  /** As last read from Redis. */
  #known = { accepted: 0, refusals: false };
  #obtaining: Promise<Token> | null = null;
  #life = new AbortController();
  #background: Promise<void> | null = null;

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#record = new TokenRecord(options.keyspace, options);
    this.#request = createTokenRequest(options);
    this.#initial = options.initial;
    options.secrets.add(options.clientSecret);
    if (options.initial !== null) options.secrets.add(options.initial.accessToken);
  }

  /**
   * The shared token, obtained if there is none or it has expired.
   * @throws CredentialsRefusedError, TokenEndpointDownError
   */
  async current(): Promise<Token> {
    const shared = await this.#read();
    return shared !== null && this.#isValid(shared) ? shared : this.#obtain(this.#isValid);
  }

  /**
   * After a 401: a token other than the one used, obtained unless another process has done so already.
   * @throws CredentialsRefusedError, TokenEndpointDownError
   */
  async renew(used: Token): Promise<Token> {
    if (this.#initial?.accessToken === used.accessToken) this.#initial = null;
    const shared = await this.#read();
    const isOther = shared !== null && (shared.accessToken !== used.accessToken || shared.generation > used.generation);
    return isOther && this.#isValid(shared) ? shared : this.#obtain(this.#newerThan(shared));
  }

  /**
   * A new token, whether there is a valid one or not.
   * @throws CredentialsRefusedError, TokenEndpointDownError
   */
  async replace(): Promise<Token> {
    this.#initial = null;
    return this.#obtain(this.#newerThan(await this.#read()));
  }

  /**
   * After a 401 from the Results API: notes the refusal and renews. `give-up` means that two fresh tokens in a row were
   * refused with no success between, so the account itself is refused: the caller pauses the queue.
   * @throws CredentialsRefusedError, TokenEndpointDownError
   */
  async refused(token: Token): Promise<'renewed' | 'give-up'> {
    if (await this.#record.refuse(token.generation)) return 'give-up';
    await this.renew(token);
    return 'renewed';
  }

  /** After a success. Writes to Redis only for a token's first success in this process, or to end a run of refusals. */
  async accepted({ generation }: Token): Promise<void> {
    if (generation <= this.#known.accepted && !this.#known.refusals) return;
    await this.#record.accept(generation);
    this.#known = { accepted: Math.max(this.#known.accepted, generation), refusals: false };
  }

  /** Starts to refresh the token in the background, ahead of expiry, so that no request ever waits for one. */
  start(): void {
    if (this.#background !== null) return;
    this.#life = new AbortController();
    this.#background = this.#refreshAhead(this.#life.signal);
  }

  /** Ends that, and cuts short what is under way. */
  async stop(): Promise<void> {
    this.#life.abort();
    await this.#background;
    this.#background = null;
  }

  async #read(): Promise<Token | null> {
    const { token, ...known } = await this.#record.read();
    this.#known = known;
    if (token !== null) this.#options.secrets.add(token.accessToken);
    return token;
  }

  readonly #isValid = (token: Token): boolean => isValid(token, this.#now());

  #newerThan(old: Token | null): IsGood {
    return (token) => token.generation > (old?.generation ?? 0) && this.#isValid(token);
  }

  /** One call at a time. A caller that joins a call made for another reason checks its result. */
  async #obtain(isGood: IsGood): Promise<Token> {
    while (this.#obtaining !== null) {
      const token = await this.#obtaining;
      if (isGood(token)) return token;
    }
    this.#obtaining = this.#obtainShared(isGood, this.#life.signal).finally(() => {
      this.#obtaining = null;
    });
    return this.#obtaining;
  }

  /** Of all processes, one asks the endpoint while the others wait for the token that it gets. */
  async #obtainShared(isGood: IsGood, signal: AbortSignal): Promise<Token> {
    const lock = { client: this.#options.keyspace.client, key: this.#record.lockKey, ttlMs: lockMs };
    const endsAt = performance.now() + patienceMs;
    while (performance.now() < endsAt && !signal.aborted) {
      const locked = await withLock(lock, () => this.#obtainAlone(isGood, signal));
      if (locked.held) return locked.result;
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
      const shared = await this.#read();
      if (shared !== null && isGood(shared)) return shared;
    }
    throw new TokenEndpointDownError(
      signal.aborted
        ? 'Stopped while waiting for an access token.'
        : 'Another process has been waiting for an access token for a minute. Check that the token endpoint is up.',
    );
  }

  /** From Redis, else from the settings, else from the token endpoint. */
  async #obtainAlone(isGood: IsGood, signal: AbortSignal): Promise<Token> {
    const { secrets, logger, onNewToken } = this.#options;
    const shared = await this.#read();
    if (shared !== null && isGood(shared)) return shared;
    const generation = shared?.generation ?? 0;
    const given = shared !== null && this.#isValid(shared) ? null : this.#given();
    if (given !== null) return this.#save(generation, given, 'given');
    const obtainedAt = this.#now();
    const { accessToken, lifetimeMs } = await this.#request(signal);
    secrets.add(accessToken);
    const expiresAt = Math.floor((obtainedAt + lifetimeMs) / 1000);
    const token = await this.#save(generation, { accessToken, expiresAt, obtainedAt, lifetimeMs }, 'obtained');
    logger.info(`new access token, valid until ${new Date(expiresAt * 1000).toISOString()}`);
    await onNewToken(token).catch((error: unknown) => {
      logger.warn({ reason: messageOf(error) }, 'the new token could not be saved outside Redis');
    });
    return token;
  }

  /** Two processes save at once only when a lock was lost; the token that was saved first is the shared one. */
  async #save(after: number, token: Omit<Token, 'generation'>, origin: 'given' | 'obtained'): Promise<Token> {
    await this.#record.save(after, token, origin);
    return (await this.#read()) ?? { ...token, generation: after + 1 };
  }

  #given(): Omit<Token, 'generation'> | null {
    const now = this.#now();
    const initial = this.#initial;
    if (initial === null || !b64token.test(initial.accessToken) || initial.expiresAt * 1000 <= now) return null;
    return { ...initial, obtainedAt: now, lifetimeMs: Math.ceil(initial.expiresAt * 1000 - now) };
  }

  /**
   * Replaces tokens before they expire, until the signal fires. While the endpoint is down it tries again after a growing
   * pause, and the old token stays in use. Refused credentials aren't tried twice for one token. Never rejects.
   */
  async #refreshAhead(signal: AbortSignal): Promise<void> {
    const { logger } = this.#options;
    let failures = 0;
    let refusedGeneration = -1;
    while (!signal.aborted) {
      let waitMs = longestWaitMs;
      let generation = 0;
      try {
        const token = await this.#read();
        generation = token?.generation ?? 0;
        const dueInMs = token === null ? 0 : refreshDueAt(token) - this.#now();
        if (dueInMs > 0) waitMs = dueInMs;
        else if (generation !== refusedGeneration) {
          await this.#obtain(this.#newerThan(token));
          waitMs = 0;
        }
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        const reason = messageOf(error);
        if (error instanceof CredentialsRefusedError) {
          refusedGeneration = generation;
          logger.error({ reason }, 'no new access token: the credentials are refused');
        } else {
          failures += 1;
          const askedMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
          waitMs = Math.max(askedMs, 2 ** Math.min(failures, 5) * 1000 * (1 + Math.random() / 4));
          logger.warn({ reason, failures }, 'the access token could not be refreshed, trying again');
        }
      }
      const pauseMs = Math.min(Math.max(waitMs, shortestWaitMs), longestWaitMs);
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

import type { Token } from './token.ts';

/**
 * The one access token that all processes of an account share through Redis. Calls wait for Redis as long as its
 * client does.
 */
export interface TokenKeeper {
  /**
   * The shared token, obtained if there is none or it has expired.
   * @throws CredentialsRefusedError, TokenEndpointDownError
   */
  current(): Promise<Token>;
  /**
   * After a 401: a token other than the one used, obtained unless somebody has done so already.
   * @throws CredentialsRefusedError, TokenEndpointDownError
   */
  renew(used: Token | string): Promise<Token>;
  /**
   * After a 401 from the Results API: notes the refusal and renews. `give-up` means that two fresh tokens in a row
   * were refused with no success between, so it is the account that is refused: the caller pauses the queue.
   * @throws CredentialsRefusedError, TokenEndpointDownError
   */
  refused(token: Token): Promise<'renewed' | 'give-up'>;
  /** After a success. Asks Redis only for a token's first success in this process, or to end a known run of refusals. */
  accepted(token: Token): Promise<void>;
  /** Begins to refresh in the background, ahead of expiry, so that no request ever waits for a token. */
  start(): void;
  /** Ends that, cutting short what is under way. */
  stop(): Promise<void>;
}

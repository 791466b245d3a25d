import type { SecretRegistry } from '@inventory/logger';
import type { Cluster, Redis } from 'ioredis';
import type { TokenRequestOptions } from './create-token-request.ts';
import type { Token } from './token.ts';

export interface TokenKeeperOptions extends TokenRequestOptions {
  readonly redis: Redis | Cluster;
  /** With braces, so that a cluster keeps an account's keys together. */
  readonly prefix: string;
  /** A token from the settings; `expiresAt` in epoch seconds, 0 = not known, which counts as expired. */
  readonly initial: { readonly accessToken: string; readonly expiresAt: number } | null;
  /** Told of each token that this process obtained; the caller writes it to `.env`. Its failure is logged only. */
  readonly onNewToken: (token: Token) => Promise<void>;
  /** Learns of every token. */
  readonly secrets: SecretRegistry;
  /** The local clock, epoch ms. */
  readonly now?: () => number;
}

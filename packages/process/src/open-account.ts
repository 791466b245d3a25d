import { writeEnvFile } from '@inventory/config';
import { Pace, TestQueue } from '@inventory/queue';
import { createListingClient, createTokenKeeper, type ListingClient, type TokenKeeper } from '@inventory/usertesting';
import type { Home } from './open-home.ts';

/** What a process needs to talk to the account: its tokens, its listings, its queue and its pace. */
export interface Account {
  readonly tokens: TokenKeeper;
  readonly listing: ListingClient;
  readonly pace: Pace;
  readonly queue: TestQueue;
  close(): Promise<void>;
}

/** Opens them; asks nobody anything yet. A new token is written back to the settings file where there is one. */
export function openAccount({ settings, secrets, logger, client }: Home): Account {
  const { clientId, clientSecret, tokenUrl, tokenScope: scope, queuePrefix: prefix, envFile } = settings;
  const tokens = createTokenKeeper({
    redis: client,
    prefix,
    clientId,
    clientSecret,
    tokenUrl,
    scope,
    initial: settings.accessToken === '' ? null : { accessToken: settings.accessToken, expiresAt: settings.expiresIn },
    onNewToken: async ({ accessToken, expiresAt }) => {
      if (envFile === null) return;
      const values = { ACCESS_TOKEN: accessToken, EXPIRES_IN: String(Math.floor(expiresAt)) };
      await writeEnvFile(envFile, values).catch((error: NodeJS.ErrnoException) => {
        logger.warn({ file: envFile, code: error.code }, 'the new token could not be written to the settings file');
      });
    },
    secrets,
    logger,
  });
  const { apiBaseUrl: baseUrl, requestTimeoutMs } = settings;
  const listing = createListingClient({ baseUrl, requestTimeoutMs, tokens, logger });
  const pace = new Pace(client, prefix, settings.requestIntervalMs);
  const queue = new TestQueue(client, prefix, pace);
  return {
    tokens,
    listing,
    pace,
    queue,
    async close() {
      await tokens.stop();
      await queue.close();
    },
  };
}

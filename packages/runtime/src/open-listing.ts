import { writeEnvFile } from '@inventory/config';
import { createListingClient, createTokenKeeper, type ListingClient, type TokenKeeper } from '@inventory/usertesting';
import type { Runtime } from './open-runtime.ts';

/** What a process needs to list an account: its tokens and its listings. Nothing of it touches the queue. */
export interface Listing {
  readonly tokens: TokenKeeper;
  readonly listing: ListingClient;
}

/**
 * Opens them; asks nobody anything yet. A new token is written back to the settings file where there is one.
 * @param signal ends listings, and their waiting, at once
 */
export function openListing({ settings, secrets, logger, client }: Runtime, signal?: AbortSignal): Listing {
  const { clientId, clientSecret, tokenUrl, tokenScope: scope, queuePrefix: prefix, envFile } = settings;
  const tokens = createTokenKeeper({
    redis: client,
    prefix,
    clientId,
    clientSecret,
    tokenUrl,
    proxy: settings.tokenProxy,
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
  const { apiBaseUrl: baseUrl, apiProxy: proxy, requestTimeoutMs } = settings;
  return {
    tokens,
    listing: createListingClient({ baseUrl, proxy, requestTimeoutMs, tokens, logger, ...(signal && { signal }) }),
  };
}

import type { LoadedSettings } from '@inventory/config';
import { createLogger, SecretRegistry } from '@inventory/logger';
import { createListingClient, createTokenRequest, type Token, type Workspace } from '@inventory/usertesting';

/**
 * Whether the credentials work: gets a new token and lists the workspaces with it. The token is thrown away, so Redis
 * is not needed and what other processes share stays as it is.
 * @throws CredentialsRefusedError, TokenEndpointDownError, and what the listing of workspaces throws
 */
export async function tryCredentials(settings: LoadedSettings): Promise<readonly Workspace[]> {
  const { clientId, clientSecret, tokenUrl, tokenProxy, tokenScope: scope } = settings;
  const { apiBaseUrl: baseUrl, apiProxy, requestTimeoutMs } = settings;
  const logger = createLogger({ name: 'check', level: 'silent', format: 'json', secrets: new SecretRegistry() });
  const hurry = { logger, retries: 1, firstDelayMs: 200 };
  const request = createTokenRequest({ clientId, clientSecret, tokenUrl, proxy: tokenProxy, scope, ...hurry });
  const obtain = async (): Promise<Token> => {
    const obtainedAt = Date.now();
    const { accessToken, lifetimeMs } = await request(new AbortController().signal);
    return { accessToken, lifetimeMs, obtainedAt, expiresAt: (obtainedAt + lifetimeMs) / 1000, generation: 1 };
  };
  const tokens = { current: obtain, renew: obtain, accepted: async () => undefined };
  return createListingClient({ baseUrl, proxy: apiProxy, requestTimeoutMs, tokens, ...hurry }).workspaces();
}

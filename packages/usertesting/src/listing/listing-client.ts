import type { ProxyAddress } from '@inventory/config';
import type { Logger } from '@inventory/logger';
import { UnauthorizedError } from '../errors.ts';
import { errorForAxios } from '../http/failures.ts';
import { openHttpClient, type Problem, parsedBy } from '../http/http-client.ts';
import { pageUrl, whereOf, workspacesUrl } from '../http/urls.ts';
import type { TokenKeeper } from '../tokens/token-keeper.ts';
import { refreshDueAt, type Token } from '../tokens/token-record.ts';
import { type ListingPage, readPage, readWorkspaces, type Workspace } from './listing-answers.ts';

export interface ListingClientOptions {
  readonly baseUrl: string;
  /** The proxy to use; none unless given. */
  readonly proxy?: ProxyAddress | null;
  /** Time for one try of one request from connecting to the last byte, ms. */
  readonly requestTimeoutMs: number;
  readonly tokens: Pick<TokenKeeper, 'current' | 'renew' | 'accepted'>;
  readonly logger: Logger;
  /** Tries after the first one; 5. */
  readonly retries?: number;
  /** The first back-off, ms; 500. */
  readonly firstDelayMs?: number;
  /** Ends requests and waiting when it fires; calls then throw its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Lists workspaces and their tests, with retries and no limit on the pace: these endpoints have none.
 * Both calls throw UnauthorizedError when a second token is refused too, ThrottledError, TransientError,
 * ForeignAnswerError for a 404 that is not the API's, RejectedError, and what `tokens` throws.
 */
export interface ListingClient {
  /** In the order of the listing. */
  workspaces(): Promise<readonly Workspace[]>;
  /** @param after the cursor of the previous page, null for the first page */
  page(workspaceUuid: string, after: string | null): Promise<ListingPage>;
}

const longestPauseMs = 3_600_000;

/** See {@link ListingClient}. A 401 has the shared token replaced once per call. */
export function createListingClient(options: ListingClientOptions): ListingClient {
  const { baseUrl, proxy = null, requestTimeoutMs, tokens, logger, retries = 5, firstDelayMs = 500, signal } = options;
  const retry = { retries, firstDelayMs, longestPauseMs, logger };
  const { http } = openHttpClient({ proxy, tryMs: requestTimeoutMs, maxBytes: 50_000_000, retry });
  // The token that was accepted last. A listing asks as fast as answers come, so it reads the shared one from Redis only
  // when a newer one is due, or after a 401.
  let accepted: Token | null = null;

  async function get<Result extends object>(url: string, read: (json: unknown) => Result | Problem): Promise<Result> {
    const request = async ({ accessToken }: Token): Promise<Result> => {
      const headers = { Authorization: `Bearer ${accessToken}` };
      try {
        const config = { headers, transformResponse: parsedBy(read), ...(signal && { signal }) };
        return (await http.get<Result>(url, config)).data;
      } catch (failure) {
        signal?.throwIfAborted();
        throw errorForAxios(failure, whereOf(url), accessToken);
      }
    };
    const requestWithShared = async (): Promise<Result> => {
      let token = await unlessAborted(tokens.current(), signal);
      const result = await request(token).catch(
        ifRefused(async () => {
          token = await unlessAborted(tokens.renew(token), signal);
          return request(token);
        }),
      );
      await tokens.accepted(token);
      accepted = token;
      return result;
    };
    if (accepted === null || Date.now() >= refreshDueAt(accepted)) return requestWithShared();
    return request(accepted).catch(ifRefused(requestWithShared));
  }

  return {
    workspaces: () => get(workspacesUrl(baseUrl), readWorkspaces),
    page: async (workspaceUuid, after) => {
      const page = await get(pageUrl(baseUrl, workspaceUuid, after), readPage);
      const { skipped = 0 } = page;
      if (skipped > 0) logger.warn({ workspace: workspaceUuid, skipped }, 'the listing has studies without a UUID');
      return page;
    },
  };
}

/** What a promise gives, or the reason of the signal as soon as it fires: tokens are obtained for others too. */
async function unlessAborted<Result>(promise: Promise<Result>, signal?: AbortSignal): Promise<Result> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { signal: settled.signal });
  });
  return Promise.race([promise, aborted]).finally(() => settled.abort());
}

function ifRefused<Result>(again: () => Promise<Result>): (error: unknown) => Promise<Result> {
  return (error) => {
    if (error instanceof UnauthorizedError) return again();
    throw error;
  };
}

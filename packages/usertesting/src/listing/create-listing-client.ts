import type { ProxyAddress } from '@inventory/config';
import type { Logger } from '@inventory/logger';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import { UnauthorizedError } from '../errors.ts';
import { openConnection } from '../http/connection.ts';
import { deadlineAdapter } from '../http/deadline-adapter.ts';
import { errorForAxios } from '../http/error-for-axios.ts';
import { type Problem, parsedBy } from '../http/parsed-by.ts';
import { pathSegment } from '../http/path-segment.ts';
import { retryPolicy } from '../http/retry-policy.ts';
import { whereOf } from '../http/where-of.ts';
import { refreshDueAt, type Token } from '../tokens/token.ts';
import type { TokenKeeper } from '../tokens/token-keeper.ts';
import { type ListingPage, readPage } from './read-page.ts';
import { readWorkspaces, type Workspace } from './read-workspaces.ts';

export interface ListingClientOptions {
  readonly baseUrl: string;
  /** The proxy on the way; none unless given. */
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
 * RejectedError, and what `tokens` throws.
 */
export interface ListingClient {
  /** In the order of the listing. */
  workspaces(): Promise<readonly Workspace[]>;
  /** @param after the cursor of the page before, null for the first page */
  page(workspaceUuid: string, after: string | null): Promise<ListingPage>;
}

const idleMs = 5_000;
const longestPauseMs = 3_600_000;

/** See {@link ListingClient}. A 401 has the shared token replaced once per call. */
export function createListingClient(options: ListingClientOptions): ListingClient {
  const { baseUrl, proxy = null, requestTimeoutMs, tokens, logger, retries = 5, firstDelayMs = 500, signal } = options;
  const root = `${baseUrl.replace(/\/+$/, '')}/usertesting/api/v1/workspaces`;
  const connection = openConnection({ proxy, connectMs: requestTimeoutMs, idleMs });
  const http = axios.create({
    ...connection.config,
    adapter: deadlineAdapter(requestTimeoutMs, connection),
    maxContentLength: 50_000_000,
    responseType: 'text',
    validateStatus: (status) => status === 200,
    headers: { Accept: 'application/json' },
    ...(signal === undefined ? {} : { signal }),
  });
  axiosRetry(http, retryPolicy({ retries, firstDelayMs, longestPauseMs, logger }));

  // Good last time. A listing asks as fast as answers come, so it looks for the shared one only when a newer one is due,
  // or after a 401.
  let inHand: Token | null = null;

  async function get<Result extends object>(url: string, read: (json: unknown) => Result | Problem): Promise<Result> {
    const ask = async (token: string): Promise<Result> => {
      try {
        const headers = { Authorization: `Bearer ${token}` };
        return (await http.get<Result>(url, { headers, transformResponse: parsedBy(read) })).data;
      } catch (failure) {
        signal?.throwIfAborted();
        throw errorForAxios(failure, whereOf(url), token);
      }
    };
    const askShared = async (): Promise<Result> => {
      let token = await tokens.current();
      const result = await ask(token.accessToken).catch(async (error: unknown) => {
        if (!(error instanceof UnauthorizedError)) throw error;
        token = await tokens.renew(token);
        return ask(token.accessToken);
      });
      await tokens.accepted(token);
      inHand = token;
      return result;
    };
    if (inHand === null || Date.now() >= refreshDueAt(inHand)) return askShared();
    return ask(inHand.accessToken).catch((error: unknown) => {
      if (!(error instanceof UnauthorizedError)) throw error;
      return askShared();
    });
  }

  return {
    workspaces: () => get(root, readWorkspaces),
    async page(workspaceUuid, after) {
      const query = after === null ? '' : `?after=${pathSegment(after, 'cursor')}`;
      return get(`${root}/${pathSegment(workspaceUuid, 'workspace UUID')}${query}`, readPage);
    },
  };
}

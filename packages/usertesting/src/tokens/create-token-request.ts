import type { ProxyAddress } from '@inventory/config';
import type { Logger } from '@inventory/logger';
import axios, { AxiosError, type AxiosResponse } from 'axios';
import axiosRetry from 'axios-retry';
import { CredentialsRefusedError, TokenEndpointDownError } from '../errors.ts';
import { openConnection } from '../http/connection.ts';
import { deadlineAdapter } from '../http/deadline-adapter.ts';
import { errorForAxios } from '../http/error-for-axios.ts';
import { parsedBy } from '../http/parsed-by.ts';
import { retryPolicy } from '../http/retry-policy.ts';
import { whereOf } from '../http/where-of.ts';
import { withDeadline } from '../http/with-deadline.ts';
import { readTokenAnswer, type TokenAnswer } from './read-token-answer.ts';
import { refusalIn } from './refusal-in.ts';

export interface TokenRequestOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenUrl: string;
  /** The proxy on the way to it; none unless given. */
  readonly proxy?: ProxyAddress | null;
  readonly scope: string;
  readonly logger: Logger;
  /** Tries after the first one; 4. */
  readonly retries?: number;
  /** The first back-off, ms; 500. */
  readonly firstDelayMs?: number;
}

/** Asks for one token. @throws CredentialsRefusedError, TokenEndpointDownError */
export type TokenRequest = (signal: AbortSignal) => Promise<TokenAnswer>;

const idleMs = 5_000;
const tryMs = 10_000;
const allTriesMs = 45_000;
const longestPauseMs = 20_000;

/**
 * Form-encoded client credentials, retried for at most 45 s on anything but a token or a refusal of the credentials.
 * Redirects aren't followed: the secret goes nowhere else.
 */
export function createTokenRequest(options: TokenRequestOptions): TokenRequest {
  const { clientId, clientSecret, tokenUrl, proxy = null, scope, logger, retries = 4, firstDelayMs = 500 } = options;
  const where = whereOf(tokenUrl);
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
  const connection = openConnection({ proxy, connectMs: tryMs, idleMs });
  const http = axios.create({
    ...connection.config,
    adapter: deadlineAdapter(tryMs, connection),
    maxContentLength: 1_000_000,
    responseType: 'text',
    transformResponse: parsedBy(readTokenAnswer),
    validateStatus: (status) => status === 200,
    headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  const mayPass = ({ status, data }: AxiosResponse) => refusalIn(status, String(data)) === null;
  axiosRetry(http, retryPolicy({ retries, firstDelayMs, longestPauseMs, logger, mayPass }));

  return async (outer) => {
    try {
      return await withDeadline(allTriesMs, outer, async (signal) => {
        const body = new URLSearchParams(form).toString();
        return (await http.post<TokenAnswer>(tokenUrl, body, { signal })).data;
      });
    } catch (failure) {
      throw refusalError(failure, where) ?? downError(failure, where);
    }
  };
}

function refusalError(failure: unknown, where: string): CredentialsRefusedError | null {
  if (!(failure instanceof AxiosError) || failure.response === undefined) return null;
  const { status, data } = failure.response;
  const refusal = refusalIn(status, String(data));
  if (refusal === null) return null;
  const setting = refusal === 'invalid_scope' ? 'TOKEN_SCOPE' : 'CLIENT_ID and CLIENT_SECRET';
  const message = `${where} refuses the credentials (${status}, ${refusal}). Check ${setting}.`;
  return new CredentialsRefusedError(message, { status });
}

const foreign = 'a firewall, gateway or proxy may have answered in its place.';

/** The body stays out: it may be a token. */
function downError(failure: unknown, where: string): TokenEndpointDownError {
  const { message, status, retryAfterMs } = errorForAxios(failure, where, '');
  const isAboutUs = status !== null && status !== 429 && status < 500 && status !== 200;
  const reason = isAboutUs ? `${where} answered ${status}, but with no error of OAuth: ${foreign}` : message;
  const advice = 'No access token available; check TOKEN_URL and the network, or wait until it is up again.';
  return new TokenEndpointDownError(`${reason} ${advice}`, { status, retryAfterMs });
}

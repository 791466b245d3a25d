import type { ProxyAddress } from '@inventory/config';
import type { Logger } from '@inventory/logger';
import { AxiosError, type AxiosResponse } from 'axios';
import { z } from 'zod';
import { CredentialsRefusedError, TokenEndpointDownError } from '../errors.ts';
import { parseJson } from '../http/body.ts';
import { withDeadline } from '../http/deadline.ts';
import { errorForAxios } from '../http/failures.ts';
import { openHttpClient, type Problem, parsedBy } from '../http/http-client.ts';
import { whereOf } from '../http/urls.ts';
import { b64token, type TokenOwner } from './token-record.ts';

export interface TokenRequestOptions extends TokenOwner {
  readonly clientSecret: string;
  /** The proxy for the token endpoint; none unless given. */
  readonly proxy?: ProxyAddress | null;
  readonly logger: Logger;
  /** Tries after the first one; 4. */
  readonly retries?: number;
  /** The first back-off, ms; 500. */
  readonly firstDelayMs?: number;
}

export interface TokenAnswer {
  readonly accessToken: string;
  readonly lifetimeMs: number;
}

/** Requests one token. @throws CredentialsRefusedError, TokenEndpointDownError */
export type TokenRequest = (signal: AbortSignal) => Promise<TokenAnswer>;

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
  const mayPass = ({ status, data }: AxiosResponse) => refusalIn(status, String(data)) === null;
  const retry = { retries, firstDelayMs, longestPauseMs, logger, mayPass };
  const { http } = openHttpClient({ proxy, tryMs, maxBytes: 1_000_000, retry });
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const transformResponse = parsedBy(readTokenAnswer);

  return async (outer) => {
    try {
      return await withDeadline(allTriesMs, outer, async (signal) => {
        const body = new URLSearchParams(form).toString();
        return (await http.post<TokenAnswer>(tokenUrl, body, { signal, headers, transformResponse })).data;
      });
    } catch (failure) {
      throw refusalError(failure, where) ?? downError(failure, where);
    }
  };
}

/** Seconds: an hour where no lifetime is given, as documented, or what is given cannot be one; some 30 years at most. */
const lifetime = z
  .number()
  .or(z.string().transform(Number))
  .pipe(z.number().positive())
  .transform((seconds) => Math.min(seconds, 1e9))
  .catch(3_600);

const tokenAnswer = z.object({ access_token: z.string().regex(b64token), expires_in: lifetime });

/** Reads the JSON of a 200 from the token endpoint. Never throws. */
export function readTokenAnswer(json: unknown): TokenAnswer | Problem {
  const checked = tokenAnswer.safeParse(json);
  if (!checked.success) return { problem: 'the body has no usable access_token' };
  const { access_token: accessToken, expires_in: seconds } = checked.data;
  return { accessToken, lifetimeMs: Math.ceil(seconds * 1000) };
}

/** Source: RFC 6749, 5.2 and 4.1.2.1, without those that mean "not now". */
const oauthWords = [
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type'],
  ...['invalid_scope', 'access_denied'],
];
const word = z.string().optional().catch(undefined);
const errorAnswer = z.object({ error: word, errorCode: word });
/** Okta's own codes. Source: developer.okta.com, "Error codes". */
const oktaCode = /^E\d{7}$/;

/**
 * Why the token endpoint refuses the credentials, in its own word such as `invalid_client` or Okta's `E0000011`; null when
 * it does not refuse them. Only an OAuth or Okta error in JSON does: 400, 401 and 403 without one are a firewall's.
 */
export function refusalIn(status: number, text: string): string | null {
  // "Not now", whatever its body says.
  if ([408, 425, 429].includes(status)) return null;
  const { error, errorCode = '' } = errorAnswer.safeParse(parseJson(text)).data ?? {};
  const named = [error, errorCode].find((name) => name !== undefined && oauthWords.includes(name));
  if (named !== undefined) return named;
  return [400, 401, 403].includes(status) && oktaCode.test(errorCode) ? errorCode : null;
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

/** The body is not kept: it may be a token. */
function downError(failure: unknown, where: string): TokenEndpointDownError {
  const { message, status, retryAfterMs } = errorForAxios(failure, where, '');
  const isRefusal = status !== null && status !== 200 && status !== 429 && status < 500;
  const reason = isRefusal
    ? `${where} answered ${status}, but with no error of OAuth: a firewall, gateway or proxy may have answered in its place.`
    : message;
  const advice = 'No access token available; check TOKEN_URL and the network, or wait until it is up again.';
  return new TokenEndpointDownError(`${reason} ${advice}`, { status, retryAfterMs });
}

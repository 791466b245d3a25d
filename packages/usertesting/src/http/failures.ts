import { createHash } from 'node:crypto';
import { AxiosError, type AxiosResponse } from 'axios';
import {
  type ApiError,
  type ErrorDetails,
  ForeignAnswerError,
  RejectedError,
  ThrottledError,
  TransientError,
  UnauthorizedError,
} from '../errors.ts';
import { bodyForm, errorBody } from './body.ts';
import { DeadlineError } from './deadline.ts';
import { type Headers, pauseFrom, retryAfterMs } from './headers.ts';

/** An answer that is neither evidence nor data. */
export interface BadAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** As {@link ApiError.body}. */
  readonly body: unknown;
  /** Host and path of the request. */
  readonly where: string;
  /** The access token that was sent, empty for none. */
  readonly token: string;
  /** As {@link ApiError.attempts}. */
  readonly attempts?: number;
}

/** The error whose class says what to do about a status. */
export function errorForStatus({ status, headers, body, where, token, attempts }: BadAnswer): ApiError {
  const details = { status, body, retryAfterMs: retryAfterMs(headers), attempts };
  if (status === 429) {
    return new ThrottledError(`${where} answered 429: too many requests.`, pauseFrom(headers), details);
  }
  if (status === 401) {
    const message = `${where} answered 401: it does not accept token ${tokenId(token)}. Check that CLIENT_ID has access to it.`;
    return new UnauthorizedError(message, details);
  }
  if (isTransientStatus(status)) {
    const message = `${where} answered ${status}. It is worth trying again later.`;
    return new TransientError(message, 'unclassified_error', details);
  }
  if (status === 400) {
    const message = `${where} answered 400: it does not accept the parameters. Check that the ID is right.`;
    return new RejectedError(message, 'invalid_pagination_error', details);
  }
  return new RejectedError(`${where} answered ${status}, ${adviceFor(status)}.`, 'unclassified_error', details);
}

/** Whether a status means "not now": worth asking again after a back-off. */
export function isTransientStatus(status: number): boolean {
  return status >= 500 || status === 408 || status === 425;
}

function adviceFor(status: number): string {
  if (status === 403) return 'so the credentials have no access to it: check their permissions with UserTesting';
  if (status === 404) return 'so it does not exist or the credentials have no access to it';
  if (status >= 300 && status < 400) return 'a redirect, which is not followed: check API_BASE_URL';
  return 'which is not a documented answer: check API_BASE_URL';
}

/** A short hash that tells two tokens apart in logs and errors, and from which neither can be derived. */
function tokenId(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest('hex').slice(0, 8);
}

/** An answer that is not the API's. */
export interface ForeignAnswer extends Pick<ErrorDetails, 'body' | 'attempts'> {
  readonly status: number;
  /** Host and path of the request. */
  readonly where: string;
  /** What the body is, as `bodyForm` says it. */
  readonly form: string;
  /** What else the user can do. */
  readonly advice?: string;
}

/** The error for an answer that something else gave in the API's place. */
export function foreignAnswer({ status, where, form, advice, ...details }: ForeignAnswer): ForeignAnswerError {
  const what = `${where} answered ${status}, but not in the API's form (${form}): a ${status} that is not the API's.`;
  const suspects = 'A proxy, gateway or firewall may have given it: check what is between this machine and the API.';
  return new ForeignAnswerError([what, suspects, advice ?? ''].join(' ').trim(), { status, ...details });
}

/** Whether a 404 is not the API's, which has a JSON object as its body. */
export function isForeignNotFound({ status, data }: AxiosResponse): boolean {
  return status === 404 && bodyForm(String(data)) !== 'a JSON object';
}

/** The error for what axios threw when its tries had run out, or could not help. */
export function errorForAxios(failure: unknown, where: string, token: string): ApiError {
  if (!(failure instanceof AxiosError)) return errorForFailure(failure, where);
  const { response, code, message, config } = failure;
  const attempts = 1 + (config?.['axios-retry']?.retryCount ?? 0);
  if (response === undefined) {
    if (code !== AxiosError.ERR_BAD_RESPONSE) return errorForFailure(failure, where, { attempts });
    const details = { status: 200, attempts };
    return new TransientError(`${where} answered 200, but ${message}.`, 'invalid_response', details);
  }
  const { status, headers } = response;
  if (status === 200) return errorForFailure(failure, where, { status, attempts });
  const text = typeof response.data === 'string' ? response.data : '';
  const body = errorBody(text, token);
  if (isForeignNotFound(response)) return foreignAnswer({ status, where, form: bodyForm(text), body, attempts });
  return errorForStatus({ status, headers, body, where, token, attempts });
}

const untrusted =
  'its certificate is not trusted here: something may be in between; for your own authority, start with ' +
  'NODE_EXTRA_CA_CERTS=/path/to/ca.pem';

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name cannot be resolved: check the address and the network',
  EAI_AGAIN: 'its name cannot be resolved right now: check the network',
  ECONNREFUSED: 'it refuses the connection: check the address, and that it is up',
  ECONNRESET: 'the connection was cut',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was cut',
  ETIMEDOUT: 'it took too long',
  EPROTO: 'it speaks no TLS, or none that is known here: check http or https, and the port',
  CERT_HAS_EXPIRED: "its certificate has expired: check this machine's clock",
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name: something may be in between',
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
};

/** The error for a request without a complete answer: time-out, reset, refused, DNS, a proxy, a body cut off. */
export function errorForFailure(
  failure: unknown,
  where: string,
  known: Pick<ErrorDetails, 'status' | 'attempts'> = {},
): TransientError {
  const cause = plainCause(failure);
  const details = { ...known, cause };
  const reason = failureReason(failure);
  const message =
    cause.code === 'ERR_PROXY'
      ? `No connection to ${where}: ${reason}.`
      : `${where} gave no complete answer (${reason}).`;
  return new TransientError(message, 'network_error', details);
}

/** Why a request got no complete answer, as a clause. */
export function failureReason(failure: unknown): string {
  const { code, message } = plainCause(failure);
  const isWorded = failure instanceof DeadlineError || code === 'ERR_PROXY' || code === AxiosError.ERR_BAD_RESPONSE;
  return isWorded ? message : (reasons[code] ?? (code || message));
}

/** The bare fact of a failure. */
class PlainCause extends Error {
  override readonly name = 'PlainCause' as const;
  /** A system error's code such as ECONNRESET; empty when it has none. */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A failure reduced to its code and message: axios errors carry the request with its token, Node's parse errors the bytes
 * that were received.
 */
export function plainCause(failure: unknown): PlainCause {
  if (!(failure instanceof Error)) return new PlainCause('unknown failure', '');
  const code = 'code' in failure && typeof failure.code === 'string' ? failure.code : '';
  return new PlainCause(failure.message || code, code);
}

import { type ApiError, RejectedError, ThrottledError, TransientError, UnauthorizedError } from '../errors.ts';
import type { Headers } from '../headers/header-value.ts';
import { pauseFrom } from '../headers/pause-from.ts';
import { retryAfterMs } from '../headers/retry-after-ms.ts';

/** An answer that is neither evidence nor data. */
export interface BadAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** As {@link ApiError.body}. */
  readonly body: unknown;
  /** Host and path that were asked. */
  readonly where: string;
  /** Short hash of the token that was sent. */
  readonly tokenId: string;
  /** As {@link ApiError.attempts}; 1 without it. */
  readonly attempts?: number;
}

/** Whether a status means "not now": worth asking again after a back-off. */
export function isTransientStatus(status: number): boolean {
  return status >= 500 || status === 408 || status === 425;
}

/** The error whose class says what to do about a status. */
export function errorForStatus({ status, headers, body, where, tokenId, attempts }: BadAnswer): ApiError {
  const details = { status, body, retryAfterMs: retryAfterMs(headers), attempts };
  if (status === 429) {
    return new ThrottledError(`${where} answered 429: too many requests.`, pauseFrom(headers), details);
  }
  if (status === 401) {
    const message = `${where} answered 401: it does not accept token ${tokenId}. Check that CLIENT_ID has access to it.`;
    return new UnauthorizedError(message, tokenId, details);
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

function adviceFor(status: number): string {
  if (status === 403) return 'so the credentials have no access to it: check their permissions with UserTesting';
  if (status === 404) return 'so it does not exist or the credentials have no access to it';
  if (status >= 300 && status < 400) return 'a redirect, which is not followed: check API_BASE_URL';
  return 'which is not a documented answer: check API_BASE_URL';
}

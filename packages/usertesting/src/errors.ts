/** The `type` of a failure in `errors.json`. */
type ErrorType =
  | 'auth_error'
  | 'invalid_pagination_error'
  | 'rate_limited_then_failed'
  | 'unclassified_error'
  | 'network_error'
  | 'invalid_response';

/** What is known about a failure besides its message; all optional. */
export interface ErrorDetails {
  /** HTTP status; null when there was no answer. */
  readonly status?: number | null;
  /** What the body says of the error, as `keptOfBody` reads it; null where it says nothing, or it could be participants' data. */
  readonly body?: unknown;
  /** What `Retry-After` asks for, ms. */
  readonly retryAfterMs?: number | null;
  /** How many requests were sent; 1 unless given. */
  readonly attempts?: number | undefined;
  readonly cause?: Error | undefined;
}

/**
 * A question to UserTesting has no usable answer. The subclass says what the caller does. Messages are for users and
 * contain neither secrets nor participants' data.
 */
export abstract class ApiError extends Error {
  abstract override readonly name: string;
  abstract readonly type: ErrorType;
  readonly status: number | null;
  readonly body: unknown;
  readonly retryAfterMs: number | null;
  readonly attempts: number;

  constructor(
    message: string,
    { status = null, body = null, retryAfterMs = null, attempts = 1, cause }: ErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.body = body ?? null;
    this.retryAfterMs = retryAfterMs;
    this.attempts = attempts;
  }
}

/** 429. All workers stop for `pauseMs`, or for twice the last pause when it is null. Not a failed try. */
export class ThrottledError extends ApiError {
  override readonly name = 'ThrottledError' as const;
  readonly type = 'rate_limited_then_failed' as const;
  /** What Retry-After, else x-ratelimit-reset asks for, whole ms; null = neither is readable. */
  readonly pauseMs: number | null;

  constructor(message: string, pauseMs: number | null, details?: ErrorDetails) {
    super(message, details);
    this.pauseMs = pauseMs;
  }
}

/** 401. The caller has the token replaced, once for all processes, and asks again. Not a failed try. */
export class UnauthorizedError extends ApiError {
  override readonly name = 'UnauthorizedError' as const;
  readonly exitCode = 3;
  readonly type = 'auth_error' as const;
}

/** It may work next time: the caller tries again after a back-off, and records `type` after its last try. */
export class TransientError extends ApiError {
  override readonly name = 'TransientError' as const;
  /** `network_error`: no complete answer. `invalid_response`: a 200 that isn't the documented JSON. `unclassified_error`: 5xx, 408, 425. */
  readonly type: 'network_error' | 'unclassified_error' | 'invalid_response';

  constructor(message: string, type: TransientError['type'], details?: ErrorDetails) {
    super(message, details);
    this.type = type;
  }
}

/**
 * The answer is not the API's: a proxy, gateway or portal gave a 404 or a 200 in its place. It is neither evidence nor
 * a sign of an outage: the caller asks once more, then records it.
 */
export class ForeignAnswerError extends ApiError {
  override readonly name = 'ForeignAnswerError' as const;
  readonly type = 'invalid_response' as const;
}

/** Asking again can't help: the caller records it for this test or workspace and continues with the others. */
export class RejectedError extends ApiError {
  override readonly name = 'RejectedError' as const;
  readonly type: 'invalid_pagination_error' | 'unclassified_error';

  constructor(message: string, type: RejectedError['type'], details?: ErrorDetails) {
    super(message, details);
    this.type = type;
  }
}

/** The token endpoint refuses CLIENT_ID and CLIENT_SECRET: this process stops, others do not. Never tried again. */
export class CredentialsRefusedError extends ApiError {
  override readonly name = 'CredentialsRefusedError' as const;
  readonly exitCode = 3;
  readonly type = 'auth_error' as const;
}

/** No token available after several tries: the caller tries again later. */
export class TokenEndpointDownError extends ApiError {
  override readonly name = 'TokenEndpointDownError' as const;
  readonly type = 'network_error' as const;
}

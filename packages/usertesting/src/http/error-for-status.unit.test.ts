import { describe, expect, it } from 'vitest';
import { RejectedError, ThrottledError, TransientError, UnauthorizedError } from '../errors.ts';
import { errorForStatus } from './error-for-status.ts';

const answer = { headers: {}, body: { code: 'X' }, where: 'api.test/api/v2/x', tokenId: '12ab34cd' };

describe('what a status means', () => {
  it.each([
    ...[500, 502, 503, 504, 599, 408, 425].map((status) => [status, TransientError, 'unclassified_error'] as const),
    ...[301, 302, 307, 204, 201, 403, 404, 405, 410, 418, 451].map(
      (status) => [status, RejectedError, 'unclassified_error'] as const,
    ),
    [400, RejectedError, 'invalid_pagination_error'],
    [401, UnauthorizedError, 'auth_error'],
    [429, ThrottledError, 'rate_limited_then_failed'],
  ] as const)('%i is a %o filed as %s', (status, errorClass, type) => {
    const error = errorForStatus({ ...answer, status });
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ name: errorClass.name, type, status, body: { code: 'X' } });
    expect(error.message).toContain(`api.test/api/v2/x answered ${status}`);
  });

  it('a 429 carries the pause it asks for, and null when it asks for none', () => {
    const asked = { ...answer, status: 429, headers: { 'x-ratelimit-reset': '9' } };
    expect(errorForStatus(asked)).toMatchObject({ pauseMs: 9_000, retryAfterMs: null });
    expect(errorForStatus({ ...answer, status: 429 })).toMatchObject({ pauseMs: null });
  });

  it('a 503 carries what Retry-After asks for', () => {
    expect(errorForStatus({ ...answer, status: 503, headers: { 'retry-after': '2' } })).toMatchObject({
      retryAfterMs: 2_000,
    });
  });

  it('a 401 says which token was refused by a short hash only', () => {
    expect(errorForStatus({ ...answer, status: 401 })).toMatchObject({ tokenId: '12ab34cd' });
  });
});

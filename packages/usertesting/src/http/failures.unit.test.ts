import { inspect } from 'node:util';
import { AxiosError, AxiosHeaders } from 'axios';
import { describe, expect, it } from 'vitest';
import { RejectedError, ThrottledError, TransientError, UnauthorizedError } from '../errors.ts';
import { DeadlineError } from './deadline.ts';
import { errorForFailure, errorForStatus } from './failures.ts';

const answer = { headers: {}, body: { code: 'X' }, where: 'api.test/api/v2/x', token: 'access-token' };

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
    const { message } = errorForStatus({ ...answer, status: 401 });
    expect(message).toMatch(/does not accept token [0-9a-f]{8}\./);
    expect(message).not.toContain('access-token');
  });
});

describe('a request without a complete answer', () => {
  it('is a network error that says where and why', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });
    const error = errorForFailure(refused, 'api.test/x');
    expect(error).toMatchObject({ name: 'TransientError', type: 'network_error', status: null, body: null });
    expect(error.message).toMatch(/^api\.test\/x gave no complete answer \(it refuses the connection/);
  });

  it.each([
    ['EPROTO', /speaks no TLS.*check http or https/],
    ['CERT_HAS_EXPIRED', /check this machine's clock/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted here.*NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not trusted here/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /for another name/],
  ])('%s is explained', (code, words) => {
    expect(errorForFailure(Object.assign(new Error('x'), { code }), 'api.test/x').message).toMatch(words);
  });

  it('says how long the wait was', () => {
    expect(errorForFailure(new DeadlineError(1500), 'api.test/x').message).toContain('no answer within 1.5 s');
  });

  it('keeps nothing of the request, which contains the token, nor of the bytes received', () => {
    const headers = new AxiosHeaders({ Authorization: 'Bearer s3cret-token' });
    const failure = new AxiosError('Parse Error', 'HPE_INVALID', { headers });
    const error = errorForFailure(Object.assign(failure, { rawPacket: Buffer.from('participant') }), 'api.test/x');
    const everything = inspect(error, { depth: 9, showHidden: true });
    expect(everything).toContain('HPE_INVALID');
    expect(everything).not.toMatch(/s3cret-token|participant|rawPacket/);
  });
});

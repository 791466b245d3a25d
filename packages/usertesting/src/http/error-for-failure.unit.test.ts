import { inspect } from 'node:util';
import { AxiosError, AxiosHeaders } from 'axios';
import { describe, expect, it } from 'vitest';
import { errorForFailure } from './error-for-failure.ts';
import { DeadlineError } from './with-deadline.ts';

describe('a request without a whole answer', () => {
  it('is a network error that says where and why', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });
    const error = errorForFailure(refused, 'api.test/x');
    expect(error).toMatchObject({ name: 'TransientError', type: 'network_error', status: null, body: null });
    expect(error.message).toMatch(/^api\.test\/x gave no whole answer \(it refuses the connection/);
  });

  it('says how long it was waited for', () => {
    expect(errorForFailure(new DeadlineError(1500), 'api.test/x').message).toContain('no answer within 1.5 s');
  });

  it('keeps nothing of the request, which held the token, nor of the bytes that came', () => {
    const headers = new AxiosHeaders({ Authorization: 'Bearer s3cret-token' });
    const failure = new AxiosError('Parse Error', 'HPE_INVALID', { headers });
    const error = errorForFailure(Object.assign(failure, { rawPacket: Buffer.from('participant') }), 'api.test/x');
    const everything = inspect(error, { depth: 9, showHidden: true });
    expect(everything).toContain('HPE_INVALID');
    expect(everything).not.toMatch(/s3cret-token|participant|rawPacket/);
  });
});

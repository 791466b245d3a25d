import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorBody, keptOfBody } from './body.ts';

describe("of an error's body", () => {
  it('only code, error, message, errorCode and errorMessage are kept, as text', () => {
    const body = {
      code: 404,
      message: 'no',
      errorCode: true,
      participant: { email: 'jane@example.com' },
      name: 'Jane',
    };
    expect(errorBody(JSON.stringify(body), '')).toEqual({ code: '404', message: 'no', errorCode: 'true' });
  });

  it('an object under one of these keys is kept as what it says of itself', () => {
    const error = { code: 'X1', message: 'no', details: [{ name: 'Jane' }], error: { message: 'deeper' } };
    expect(keptOfBody({ error })).toEqual({ error: 'X1: no' });
  });

  it.each([
    '<h1>Bad gateway for Jane</h1>',
    'plain words',
    ' \n',
    '',
    '[{"message":"x"}]',
    '"x"',
    'null',
    '{"name":"Jane"}',
    '{',
  ])('%j leaves nothing', (text) => {
    expect(errorBody(text, '')).toBeNull();
  });

  it('never the token that was sent is kept, also where it is a number', () => {
    expect(errorBody('{"message":"Bearer abcdef.1"}', 'abcdef.1')).toEqual({ message: 'Bearer [secret]' });
    expect(errorBody('{"at":1234567890,"message":"1234567"}', '1234567')).toEqual({ message: '[secret]' });
  });

  it("a session's id in an address is written as {session}", () => {
    const message = 'GET /api/v2/sessionResults/5f0c1e2a/transcript: no';
    expect(keptOfBody({ message })).toEqual({ message: 'GET /api/v2/sessionResults/{session}/transcript: no' });
  });

  it('nesting of any depth leaves nothing', () => {
    const deep = `{"message":${'['.repeat(8_000)}${']'.repeat(8_000)}}`;
    expect(errorBody(deep, '')).toBeNull();
  });

  it('a message is not cut in the middle of a character', () => {
    expect(keptOfBody({ message: '🦊'.repeat(1_500) })?.['message']).toMatch(/^🦊+\ufffd?$/u);
  });

  it('at most 2,000 characters of JSON are kept, whatever they are', () => {
    const key = fc.constantFrom('code', 'error', 'message', 'errorCode', 'errorMessage', 'other');
    const text = fc.oneof(
      fc.string({ minLength: 500, maxLength: 2_500 }),
      fc.nat(2_500).map((length) => '\u0000'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(text, fc.jsonValue())), (body) => {
        expect(JSON.stringify(keptOfBody(body)).length).toBeLessThanOrEqual(2_000);
      }),
    );
  });
});

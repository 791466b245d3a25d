import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorBody } from './body.ts';

describe("an error's body", () => {
  it('is the parsed JSON where it was JSON', () => {
    expect(errorBody('{"code":"NOT_FOUND"}', '')).toEqual({ code: 'NOT_FOUND' });
  });

  it('is text where it was not', () => {
    expect(errorBody('<h1>Bad gateway</h1>', '')).toBe('<h1>Bad gateway</h1>');
  });

  it('is null where there was none', () => {
    expect(errorBody(' \n', '')).toBeNull();
  });

  it('never repeats the token that was sent', () => {
    expect(errorBody('{"got":"Bearer abcdef.1"}', 'abcdef.1')).toEqual({ got: 'Bearer [secret]' });
  });

  it('is not cut in the middle of a character', () => {
    const body = errorBody(`${'x'.repeat(1_999)}🦊`, '');
    expect(body).toBe(`${'x'.repeat(1_999)}\ufffd`);
  });

  it('has at most 2,000 characters', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1_900, maxLength: 2_500 }), fc.boolean(), (text, quoted) => {
        const body = errorBody(quoted ? JSON.stringify({ text }) : text, '');
        const length = typeof body === 'string' ? body.length : JSON.stringify(body).length;
        expect(length).toBeLessThanOrEqual(2_000);
      }),
    );
  });
});

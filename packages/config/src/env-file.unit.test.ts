import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rewriteEnvText } from './env-file.ts';

const values = { ACCESS_TOKEN: 'new', EXPIRES_IN: '42' };

describe('rewriting a settings file', () => {
  it('keeps comments, order, quotes, blank and unknown lines', () => {
    const before = '# mine\nCLIENT_ID="a b"\n\nACCESS_TOKEN=old # note\nexport EXPIRES_IN = 1\nODD LINE\n';
    expect(rewriteEnvText(before, values)).toBe(
      '# mine\nCLIENT_ID="a b"\n\nACCESS_TOKEN=new\nexport EXPIRES_IN = 42\nODD LINE\n',
    );
  });

  it('adds what is missing at the end, also where the last line has no end', () => {
    expect(rewriteEnvText('CLIENT_ID=a', values)).toBe('CLIENT_ID=a\nACCESS_TOKEN=new\nEXPIRES_IN=42\n');
    expect(rewriteEnvText('', values)).toBe('ACCESS_TOKEN=new\nEXPIRES_IN=42\n');
  });

  it('leaves names alone that only begin or end alike, and commented lines', () => {
    const before = 'MY_ACCESS_TOKEN=a\nACCESS_TOKEN_2=b\n# ACCESS_TOKEN=c\n';
    expect(rewriteEnvText(before, values).startsWith(before)).toBe(true);
  });

  it('keeps the line ends of Windows', () => {
    expect(rewriteEnvText('A=1\r\nACCESS_TOKEN=x\r\n', values)).toBe('A=1\r\nACCESS_TOKEN=new\r\nEXPIRES_IN=42\r\n');
  });

  it('keeps the line ends of old Macs, which dotenv reads too', () => {
    expect(rewriteEnvText('ACCESS_TOKEN=x\rCLIENT_SECRET=s\r', values)).toBe(
      'ACCESS_TOKEN=new\rCLIENT_SECRET=s\rEXPIRES_IN=42\r',
    );
  });

  it.each([
    ['a value over several lines', 'ACCESS_TOKEN="old\nhalf\nend" # note\nA=1\n', 'ACCESS_TOKEN=new\nA=1\n'],
    ['a value on the next line', "ACCESS_TOKEN=\n'old'\nA=1\n", 'ACCESS_TOKEN=new\nA=1\n'],
    ['a byte order mark before the name', '\uFEFFACCESS_TOKEN=old\nA=1\n', '\uFEFFACCESS_TOKEN=new\nA=1\n'],
    ['a colon in place of the sign', 'ACCESS_TOKEN: old\nA: 1\n', 'ACCESS_TOKEN: new\nA: 1\n'],
    ['no value, and a comment on the next line', 'ACCESS_TOKEN=\n# mine\nA=1\n', 'ACCESS_TOKEN=new\n# mine\nA=1\n'],
    [
      'several assignments, the last of which counts',
      'ACCESS_TOKEN=1\nACCESS_TOKEN=2\n',
      'ACCESS_TOKEN=1\nACCESS_TOKEN=new\n',
    ],
  ])('finds %s as dotenv does', (_what, before, after) => {
    expect(rewriteEnvText(before, { ACCESS_TOKEN: 'new' })).toBe(after);
  });

  it("leaves alone what is inside another variable's value", () => {
    const before = 'NOTE="\nACCESS_TOKEN=inside\n"\n';
    expect(rewriteEnvText(before, values)).toBe(`${before}ACCESS_TOKEN=new\nEXPIRES_IN=42\n`);
  });

  it('adds nothing that a name without a value would swallow', () => {
    expect(parse(rewriteEnvText('A=1\nODD:\n', values))).toEqual({ A: '1', ODD: '', ...values });
  });

  it.each(['$(id)', 'a b', 'a;b', "a'b", 'a"b', '`id`', 'a\nB=c', 'a#b', 'a\\n', 'é'])(
    'refuses the value %j',
    (value) => {
      expect(() => rewriteEnvText('', { ACCESS_TOKEN: value })).toThrow(/ACCESS_TOKEN holds characters/);
    },
  );

  it('whatever the file holds, the new values are read back and all other variables stay', () => {
    const piece = fc.constantFrom(
      ...[
        'ACCESS_TOKEN',
        'EXPIRES_IN',
        'A',
        'export ',
        '=',
        ': ',
        ':',
        ' ',
        '\n',
        '\r',
        '\r\n',
        '"',
        "'",
        '`',
        '#',
        '\\',
      ],
      ...['\uFEFF', '\u00A0', '\u2028', 'é', 'old'],
    );
    const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
    let refused = 0;
    fc.assert(
      fc.property(text, (before) => {
        let after: string;
        try {
          after = rewriteEnvText(before, values);
        } catch {
          refused += 1;
          return;
        }
        expect(parse(after)).toEqual({ ...parse(before), ...values });
      }),
      { numRuns: 1000 },
    );
    expect(refused).toBeLessThan(50);
  });

  it('whatever the file holds, the new values are read back and every other line is still there', () => {
    const line = fc.oneof(
      fc.constantFrom('', '# comment', 'ACCESS_TOKEN=old', 'EXPIRES_IN=', "CLIENT_SECRET='q#x'", 'A = b'),
      fc.string({ unit: fc.constantFrom('a', 'B', '=', '#', ' ', 'é', '\\') }),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const after = rewriteEnvText(lines.join('\n'), values);
        expect(parse(after)).toMatchObject(values);
        const isOurs = (text: string) => /^\s*(ACCESS_TOKEN|EXPIRES_IN)\s*=/.test(text);
        const others = (text: string[]) => text.filter((entry) => !isOurs(entry) && entry !== '');
        expect(others(after.split('\n'))).toEqual(others(lines));
      }),
    );
  });
});

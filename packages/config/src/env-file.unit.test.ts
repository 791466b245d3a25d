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

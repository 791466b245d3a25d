import { expect, it } from 'vitest';
import { SecretRegistry } from './secrets.ts';

it.each([
  ['as it is', 's3cret/äb"c', (secret: string) => secret],
  ['in a URL', 's3cret/äb"c', encodeURIComponent],
  ['in a JSON text', 's3cret\\äb"c', (secret: string) => JSON.stringify({ secret })],
])('a secret is taken out of a text %s', (_where, secret, write) => {
  const secrets = new SecretRegistry();
  secrets.add(secret);
  expect(secrets.clean(`before ${write(secret)} after`)).toMatch(/^before .*\[secret\].* after$/);
  expect(secrets.clean(`before ${write(secret)} after`)).not.toContain('s3cret');
});

it('of a secret that begins like another one nothing is left', () => {
  const secrets = new SecretRegistry();
  for (const secret of ['hunter2', 'hunter2-of-the-board']) secrets.add(secret);
  expect(secrets.clean('hunter2-of-the-board, hunter2')).toBe('[secret], [secret]');
});

it('an empty secret takes nothing out', () => {
  const secrets = new SecretRegistry();
  secrets.add('');
  expect(secrets.clean('a text')).toBe('a text');
});

it('a secret is taken out of the texts and keys of a value, and leaves numbers as they are', () => {
  const secrets = new SecretRegistry();
  secrets.add('12345678');
  const value = { requestTime: 1234567890, at: [12345678, 'x12345678y'], '12345678': { deep: null } };
  expect(secrets.cleanValue(value)).toEqual({
    requestTime: 1234567890,
    at: [12345678, 'x[secret]y'],
    '[secret]': { deep: null },
  });
});

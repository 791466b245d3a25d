import { expect, it } from 'vitest';
import { SecretRegistry } from './secret-registry.ts';

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

it('an empty secret takes nothing out', () => {
  const secrets = new SecretRegistry();
  secrets.add('');
  expect(secrets.clean('a text')).toBe('a text');
});

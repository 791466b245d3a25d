import { expect, test } from 'vitest';
import { connectionName } from './client.ts';

test('a name has only what Redis accepts: a refused one would leave the connection without any', () => {
  expect(connectionName('worker', 'slot 1', 42, 'ü\n')).toBe('inventory:worker:slot-1:42:--');
});

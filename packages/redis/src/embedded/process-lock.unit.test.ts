import { expect, test } from 'vitest';
import { startFromStat } from './process-lock.ts';

const stat = (name: string, state: string): string =>
  `4711 (${name}) ${state} 1 4711 4711 0 -1 4194560 929 0 0 0 2 1 0 0 20 0 5 0 8675309 62914560 1804 18446744073709551615`;

test('the start of a process is field 22 of its stat line, whatever its name contains', () => {
  expect(startFromStat(stat('redis-server', 'S'))).toBe('8675309');
  expect(startFromStat(stat('a) Z 1 (b', 'R'))).toBe('8675309');
});

test('a zombie does not run any more', () => {
  expect(startFromStat(stat('redis-server', 'Z'))).toBeNull();
  expect(startFromStat('')).toBeNull();
});

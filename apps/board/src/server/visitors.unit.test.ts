import { expect, test } from 'vitest';
import { recordedLogger } from '../../../../test/support/recorded-logger.ts';
import { TooManyRequestsError } from './per-address.ts';
import { Guesses } from './visitors.ts';

const never = () => false;

test('ten wrong passwords of an address are answered at once, the next one after a delay; others do not wait', async () => {
  const delayMs = 200;
  const guesses = new Guesses(recordedLogger().logger, delayMs);
  let startedAt = performance.now();
  // All at once, so that none could be counted after the next one was looked at.
  expect(await Promise.all(Array.from({ length: 10 }, () => guesses.check('a', never)))).not.toContain(true);
  expect(performance.now() - startedAt).toBeLessThan(delayMs);
  startedAt = performance.now();
  const next = guesses.check('a', never);
  expect(await guesses.check('b', () => true)).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(delayMs);
  // The right one has to wait as well: what is answered sooner would be the password.
  expect(await guesses.check('a', () => true)).toBe(true);
  expect(performance.now() - startedAt).toBeGreaterThan(delayMs - 10);
  expect(await next).toBe(false);
  expect(guesses.total).toBe(11);
});

test('of many that come at once, 21 are looked at and the others turned away', async () => {
  const guesses = new Guesses(recordedLogger().logger);
  for (let wrong = 0; wrong < 10; wrong++) await guesses.check('a', never);
  let looks = 0;
  const look = () => {
    looks += 1;
    return true;
  };
  const ends = await Promise.allSettled(Array.from({ length: 100 }, () => guesses.check('a', look)));
  const refused = ends.filter(({ status }) => status === 'rejected');
  expect(refused.map((end) => 'reason' in end && end.reason instanceof TooManyRequestsError)).toEqual(
    Array(79).fill(true),
  );
  expect(looks).toBe(21);
});

test('they are warned of once a minute, from the tenth on', async () => {
  const { logger, lines } = recordedLogger();
  const guesses = new Guesses(logger);
  for (let wrong = 0; wrong < 9; wrong++) await guesses.check(`${wrong}`, never);
  expect(lines).toEqual([]);
  for (let wrong = 9; wrong < 5_000; wrong++) await guesses.check(`${wrong}`, never);
  expect(lines).toEqual(['wrong passwords for the board; the address is that of the last']);
});

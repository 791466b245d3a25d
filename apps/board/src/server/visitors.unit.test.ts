import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { recordedLogger } from '../../../../test/support/recorded-logger.ts';
import { TooManyRequestsError } from './per-address.ts';
import { Guesses } from './visitors.ts';

const never = () => false;

/** What work without a timer gives; `later` where it waits for one. */
const atOnce = <Value>(work: Promise<Value>) => Promise.race([work, sleep(1).then(() => 'later')]);

test('ten wrong passwords of an address are answered at once, the next one after a delay; others do not wait', async () => {
  const delayMs = 50;
  const guesses = new Guesses(recordedLogger().logger, delayMs);
  // All at once, so that none could be counted after the next one was looked at.
  const ten = Promise.all(Array.from({ length: 10 }, () => guesses.check('a', never)));
  expect(await atOnce(ten)).toEqual(Array(10).fill(false));
  const startedAt = performance.now();
  const next = guesses.check('a', never);
  // The right one has to wait as well: what is answered sooner would be the password.
  const right = guesses.check('a', () => true);
  expect(await atOnce(guesses.check('b', () => true))).toBe(true);
  expect(await atOnce(Promise.race([next, right]))).toBe('later');
  expect([await right, await next]).toEqual([true, false]);
  expect(performance.now() - startedAt).toBeGreaterThan(delayMs - 2);
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

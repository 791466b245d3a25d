import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import { recordedLogger } from '../../../../test/support/recorded-logger.ts';
import { Guesses, groupOf, TooManyRequestsError, Turns } from './visitors.ts';

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

describe('the address that a limit is for', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [undefined, ''],
  ])('of %j is %j', (address, group) => expect(groupOf(address)).toBe(group));
});

describe('turns', () => {
  it('come one after another for one address, in their order, and for another one at once', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const first = await turns.wait('a');
    const second = turns.wait('a').then((end) => {
      seen.push('second');
      end();
    });
    const third = turns.wait('a').then((end) => {
      seen.push('third');
      end();
    });
    (await turns.wait('b'))();
    expect(seen).toEqual([]);
    first();
    await Promise.all([second, third]);
    expect(seen).toEqual(['second', 'third']);
  });

  it('are waited for by 20 at most', async () => {
    const turns = new Turns();
    const first = await turns.wait('a');
    const others = Array.from({ length: 20 }, async () => (await turns.wait('a'))());
    await expect(turns.wait('a')).rejects.toBeInstanceOf(TooManyRequestsError);
    first();
    await Promise.all(others);
    (await turns.wait('a'))();
  });
});

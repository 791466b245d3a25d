import { describe, expect, it } from 'vitest';
import { groupOf, TooManyRequestsError, Turns } from './per-address.ts';

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

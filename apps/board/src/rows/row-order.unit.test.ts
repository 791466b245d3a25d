import { expect, test } from 'vitest';
import { sortInSlices } from './row-order.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => (index * 7_919) % 10_007);

test.each([0, 1, 4_096, 4_097, 20_000])('%i items come out in order, and none is lost', async (count) => {
  const sorted = await sortInSlices(
    numbers(count),
    (item) => -item,
    (a, b) => a - b,
  );
  // As one text, because vitest takes its time for lists.
  expect(sorted.join()).toBe(
    numbers(count)
      .sort((a, b) => b - a)
      .join(),
  );
});

test('others have their turn meanwhile', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);
  await sortInSlices(
    numbers(50_000),
    (item) => item,
    (a, b) => a - b,
  );
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});

import { expect, it } from 'vitest';
import { upTo } from './redis-away.ts';

it('work that takes too long gives null, other work its result or its error', async () => {
  expect(await upTo(5, new Promise(() => undefined))).toBeNull();
  expect(await upTo(5_000, Promise.resolve('done'))).toBe('done');
  await expect(upTo(5_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

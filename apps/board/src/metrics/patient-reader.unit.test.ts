import { expect, it } from 'vitest';
import { patientReader } from './patient-reader.ts';

it('gives null when the time is up, and asks again only when the reading has ended', async () => {
  let asked = 0;
  let answer: (value: string) => void = () => undefined;
  const read = patientReader(() => {
    asked += 1;
    return new Promise<string>((resolve) => {
      answer = resolve;
    });
  }, 5);
  expect(await Promise.all([read(), read(), read()])).toEqual([null, null, null]);
  expect(asked).toBe(1);
  const next = read();
  answer('first');
  expect(await next).toBe('first');
  const another = read();
  answer('second');
  expect(await another).toBe('second');
  expect(asked).toBe(2);
});

it('throws what the reading throws, and goes on after it', async () => {
  const answers = [Promise.reject(new Error('broken')), Promise.resolve('whole')];
  const read = patientReader(() => answers.shift() ?? Promise.resolve('more'), 1000);
  await expect(read()).rejects.toThrow('broken');
  expect(await read()).toBe('whole');
});

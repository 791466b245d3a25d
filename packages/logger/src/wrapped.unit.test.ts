import { expect, it } from 'vitest';
import { print, wrapped } from './wrapped.ts';

it('a long line is broken between words, below its text', () => {
  expect(wrapped('[WARN] Redis        one two three four', 30)).toBe('[WARN] Redis        one two\n    three four');
  expect(wrapped('Redis     one two three four five six', 30)).toBe('Redis     one two three four\n          five six');
  expect(wrapped('short\n  [INFO] one two three four', 20)).toBe('short\n  [INFO] one two\n    three four');
  expect(wrapped('  one two three four', 15)).toBe('  one two three\n    four');
  expect(wrapped('[02:45:23] INFO: one two', 20)).toBe('[02:45:23] INFO: one\n    two');
  expect(wrapped('  - one two three four', 18)).toBe('  - one two three\n    four');
  expect(wrapped('x'.repeat(30), 20)).toBe('x'.repeat(30));
});

it('a text is wrapped on a terminal alone: in a pipe a message is one line', () => {
  const written: string[] = [];
  const output = { columns: 10, write: (text: string) => written.push(text) };
  print('one two three\n', { ...output, isTTY: true });
  print('one two three\n', output);
  expect(written).toEqual(['one two\nthree\n', 'one two three\n']);
});

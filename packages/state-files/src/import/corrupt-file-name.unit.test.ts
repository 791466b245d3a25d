import { expect, test } from 'vitest';
import { corruptFileName } from './corrupt-file-name.ts';

test('the name says when, in UTC', () => {
  const at = new Date('2026-03-04T05:06:07.890Z');
  expect(corruptFileName('errors.json', at)).toBe('errors.json.corrupt-20260304T050607Z');
});

import { expect, it } from 'vitest';
import { cursorOf, positionOf } from './api-answers.ts';

it('writes cursors as in the tutorial: base64 without padding', () => {
  expect([1, 3, 4, 5, 50].map(cursorOf)).toEqual(['MQ', 'Mw', 'NA', 'NQ', 'NTA']);
});

it('reads back every cursor that it wrote', () => {
  for (const position of [1, 50, 100, 99_999, 1_000_000]) expect(positionOf(cursorOf(position))).toBe(position);
});

it('reads nothing from a text that is no cursor', () => {
  for (const text of ['', 'x', 'MQ==', 'LTE', '-1']) expect(positionOf(text)).toBeUndefined();
});

import { expect, test } from 'vitest';
import { displayPath } from './display-path.ts';

test('a path inside the current folder is shown relative to it, any other as it is', () => {
  expect(displayPath('/work/state/errors.json', '/work')).toBe('state/errors.json');
  expect(displayPath('/workshop/errors.json', '/work')).toBe('/workshop/errors.json');
  expect(displayPath('/work', '/work')).toBe('/work');
});

import { expect, test } from 'vitest';
import { displayPath } from './display-path.ts';

test('a path inside the current folder is shown relative to it, any other as it is', () => {
  expect(displayPath('/srv/state/errors.json', '/srv')).toBe('state/errors.json');
  expect(displayPath('/srvshop/errors.json', '/srv')).toBe('/srvshop/errors.json');
  expect(displayPath('/srv', '/srv')).toBe('/srv');
});

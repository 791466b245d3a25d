import { expect, test } from 'vitest';
import { explainDataDirError } from './data-folder.ts';

test.each([
  ['EACCES', 'may not write'],
  ['EROFS', 'read-only'],
  ['ENOSPC', 'disk is full'],
  ['ENOTDIR', 'a file is where a folder should be'],
])('%s on the data folder is said in words, with the folder', (code, words) => {
  const cause = Object.assign(new Error(code), { code });
  expect(explainDataDirError(cause, '/data/redis')).toMatchObject({
    name: 'DataDirError',
    message: expect.stringMatching(new RegExp(`^The data folder /data/redis .*${words}.*\\(${code}\\)`)),
    cause,
  });
});

test('any other error stays as it is', () => {
  const error = new Error('other');
  expect(explainDataDirError(error, '/data')).toBe(error);
});

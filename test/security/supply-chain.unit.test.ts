import { expect, test } from 'vitest';
import { lockProblems } from '../../bin/check-lock.mjs';

const good = { integrity: 'sha512-x', license: 'MIT' };
const problemsOf = (entry: object) => lockProblems({ packages: { 'node_modules/a': entry } });

test('a package with a checksum and a known licence is no problem', () => {
  expect(problemsOf(good)).toEqual([]);
  expect(problemsOf({ ...good, license: '(GPL-3.0 OR Apache-2.0)' })).toEqual([]);
});

test('a package without a checksum, or with a weak one, is a problem', () => {
  expect(problemsOf({ license: 'MIT' })).toEqual(['node_modules/a has no sha512 checksum.']);
  expect(problemsOf({ ...good, integrity: 'sha1-x' })).toHaveLength(1);
});

test('a package with another licence, or none, is a problem', () => {
  expect(problemsOf({ ...good, license: 'GPL-3.0' })).toHaveLength(1);
  expect(problemsOf({ integrity: 'sha512-x' })).toHaveLength(1);
});

test("links to this project's own packages are not downloaded", () => {
  expect(problemsOf({ link: true })).toEqual([]);
  expect(lockProblems({ packages: { '': {}, 'packages/a': {} } })).toEqual([]);
});

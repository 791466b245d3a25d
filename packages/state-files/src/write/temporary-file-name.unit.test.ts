import { expect, test } from 'vitest';
import { isLeftBehind, temporaryFileName } from './temporary-file-name.ts';

const self = { host: 'here', pid: 10, startedAt: 1000.4 };
const alive = (pid: number): boolean => pid === 10 || pid === 11;
const name = (writer: typeof self): string => temporaryFileName('utz_tests.json', writer);

test('names are unique', () => {
  expect(name(self)).not.toBe(name(self));
});

test('the file of a process that lives stays', () => {
  expect(isLeftBehind(name(self), 0, self, alive)).toBe(false);
  expect(isLeftBehind(name({ ...self, pid: 11 }), 0, self, alive)).toBe(false);
});

test('the file of a dead process of this machine is left behind', () => {
  expect(isLeftBehind(name({ ...self, pid: 12 }), 0, self, alive)).toBe(true);
});

test('the file of an earlier process with our id is left behind', () => {
  expect(isLeftBehind(name({ ...self, startedAt: 1 }), 0, self, alive)).toBe(true);
});

test('a file of another machine is left behind after an hour', () => {
  const foreign = name({ ...self, host: 'there', pid: 12 });
  expect(isLeftBehind(foreign, 3_500_000, self, alive)).toBe(false);
  expect(isLeftBehind(foreign, 3_700_000, self, alive)).toBe(true);
});

test('files that are not ours stay whatever their age', () => {
  for (const other of ['utz_tests.json', '.utz_tests.json.tmp', 'notes.tmp', '.x.json.0a0a0a0a-1-1-1.tmp'])
    expect(isLeftBehind(other, 1e12, self, alive)).toBe(false);
});

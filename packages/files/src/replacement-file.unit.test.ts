import { expect, test } from 'vitest';
import { isLeftBehind, temporaryName } from './replacement-file.ts';

const self = { host: 'here', pid: 10, startedAt: 1000.4 };
const alive = (pid: number): boolean => pid === 10 || pid === 11;
const name = (writer: typeof self): string => temporaryName('utz_tests.json', writer);
const left = (temporary: string, ageMs = 0): boolean => isLeftBehind(temporary, ageMs, self, alive);

test('names are unique', () => {
  expect(name(self)).not.toBe(name(self));
});

test('the file of a process that lives stays', () => {
  expect(left(name(self))).toBe(false);
  expect(left(name({ ...self, pid: 11 }))).toBe(false);
});

test('the file of a dead process of this machine is left behind', () => {
  expect(left(name({ ...self, pid: 12 }))).toBe(true);
});

test('the file of an earlier process with our id is left behind', () => {
  expect(left(name({ ...self, startedAt: 1 }))).toBe(true);
});

test('a file of another machine is left behind after an hour', () => {
  const foreign = name({ ...self, host: 'there', pid: 12 });
  expect(left(foreign, 3_500_000)).toBe(false);
  expect(left(foreign, 3_700_000)).toBe(true);
});

test('files that are not ours stay whatever their age', () => {
  for (const other of ['utz_tests.json', '.utz_tests.json.tmp', 'notes.tmp', '.x.json.0a0a0a0a-1-1-1.tmp'])
    expect(left(other, 1e12)).toBe(false);
});

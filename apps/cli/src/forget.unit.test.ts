import { expect, it } from 'vitest';
import { checkForgetOptions } from './forget.ts';

it.each([
  [{ testUuids: ['u'] }],
  [{ testUuids: [], workspaceUuid: ['w'] }],
  [{ testUuids: [], all: true }],
  [{ testUuids: [], all: true, yes: true }],
])('%j is one way of choosing', (options) => {
  expect(() => checkForgetOptions(options)).not.toThrow();
});

it.each([
  [{ testUuids: [] }, /Say what/],
  [{ testUuids: ['u'], all: true }, /only one/],
  [{ testUuids: ['u'], workspaceUuid: ['w'] }, /only one/],
  [{ testUuids: ['u'], yes: true }, /--yes is only for --all/],
])('%j is refused', (options, why) => {
  expect(() => checkForgetOptions(options)).toThrow(why);
});

import { SettingsError } from '@inventory/config';
import { expect, test } from 'vitest';
import { exitCode, exitCodeOf } from './exit-code.ts';

test('an error that ends a process says its exit code itself', () => {
  expect(exitCodeOf(new SettingsError(['X is missing']))).toBe(exitCode.usage);
  expect(exitCodeOf(Object.assign(new Error('refused'), { exitCode: 3 }))).toBe(exitCode.authentication);
  expect(exitCodeOf(Object.assign(new Error('told to end'), { exitCode: 130 }))).toBe(exitCode.interrupted);
});

test('any other error ends a process with 1', () => {
  expect(exitCodeOf(new Error('no'))).toBe(exitCode.partial);
  expect(exitCodeOf('thrown')).toBe(exitCode.partial);
  expect(exitCodeOf(Object.assign(new Error('a child process'), { exitCode: 0 }))).toBe(exitCode.partial);
});

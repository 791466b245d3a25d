import { expect, test } from 'vitest';
import { commandLine, isInstalled } from './command-line.ts';

test('in a clone a command is an npm script, whose arguments go after a --', () => {
  expect(commandLine('start', '', false)).toBe('npm start');
  expect(commandLine('start', '--all', false)).toBe('npm start -- --all');
  expect(commandLine('retry', 'UUID', false)).toBe('npm run retry -- UUID');
});

test('the installed command has its own name', () => {
  expect(commandLine('start', '--all', true)).toBe('usertesting-inventory start --all');
  expect(commandLine('doctor', '', true)).toBe('usertesting-inventory doctor');
});

test('it is told by the file that Node was started with', () => {
  expect(isInstalled('/opt/node_modules/.bin/usertesting-inventory')).toBe(true);
  expect(isInstalled('/opt/node_modules/usertesting-inventory/bin/usertesting-inventory.js')).toBe(true);
  expect(isInstalled('/opt/usertesting-inventory/bin/run.mjs')).toBe(false);
  expect(isInstalled(undefined)).toBe(false);
});

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

it.each([
  ['--only=speed', "argument 'speed' is invalid. Allowed choices are pace, kill, probed, scale, memory, board"],
  ['--sizes=1e6', "argument '1e6' is invalid. Expected a whole number"],
])('%s is wrong usage: said before anything runs', (option, message) => {
  const command = ['--import', 'tsx', '--conditions=source', 'test/bench/main.ts', option];
  const { status, stderr, stdout } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  expect(stderr).toContain(message);
  expect([status, stdout]).toEqual([2, '']);
});

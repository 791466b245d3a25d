import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

function bench(...args: readonly string[]) {
  const command = ['--import', 'tsx', '--conditions=source', 'test/bench/main.ts', ...args];
  return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
}

it.each([
  ['--fast', "Unknown option '--fast'"],
  ['--only=speed', "There is no part 'speed'."],
  ['--sizes=1e6', "'1e6' is no number of tests"],
  ['extra', 'extra'],
])('%s is wrong usage: said, with the usage, before anything runs', (option, message) => {
  const { status, stderr, stdout } = bench(option);
  expect(stderr).toContain(message);
  expect(stderr).toContain('Usage: npm run bench --');
  expect([status, stdout]).toEqual([2, '']);
});

it('an option that npm has kept for itself is refused', () => {
  const npm = { npm_lifecycle_event: 'bench', npm_config_quick: 'true' };
  const command = ['--import', 'tsx', '--conditions=source', 'test/bench/main.ts'];
  const { status, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...npm },
  });
  expect(stderr).toContain('npm run bench -- --quick');
  expect(status).toBe(2);
});

it('--help names the parts', () => {
  const { status, stdout } = bench('--help');
  expect(stdout).toContain('pace, probed, scale, memory, board');
  expect(status).toBe(0);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, inject, onTestFinished, test } from 'vitest';
import { until } from '../../../test/support/until.ts';

const main = fileURLToPath(new URL('../../../dist/program/main.js', import.meta.url));

function run(settings: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const place = { ENV_FILE: 'none', LOG_FORMAT: 'json', REDIS_URL: inject('redisUrl'), BOARD_PORT: '0' };
  const env = { PATH: process.env['PATH'] ?? '', ...place, ...settings };
  const child: ChildProcess = spawn(process.execPath, [main, 'board', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ code, ...said }));
  return { child, ended, said };
}

test('it says where it is, and ends at SIGTERM although readers are connected', async () => {
  const { child, ended, said } = run({});
  await until('the address is there', () => said.out.includes('\n'));
  const [, port = ''] = /^The board is at http:\/\/127\.0\.0\.1:(\d+)\n$/.exec(said.out) ?? [];
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  const half = 'GET /api/summary HTTP/1.1\r\nHost: localhost\r\n';
  await new Promise<void>((written) => socket.write(half, () => written()));
  child.kill('SIGTERM');
  const killed = setTimeout(() => child.kill('SIGKILL'), 5_000);
  expect(await ended).toEndWith({ code: 0 });
  clearTimeout(killed);
});

test('it says the path below which a proxy shows it', async () => {
  const { said } = run({ BOARD_BASE_PATH: '/inventory/' });
  await until('the address is there', () => said.out.includes('\n'));
  expect(said.out).toMatch(/^The board is at http:\/\/127\.0\.0\.1:\d+\/inventory\n$/);
});

test('a port that is taken, and settings that are not safe, end with 2 and a sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const cases = [
    [{ BOARD_PORT: String(port) }, `BOARD_PORT ${port} on 127.0.0.1 is in use already`],
    [{ BOARD_HOST: '0.0.0.0' }, 'BOARD_PASSWORD is missing'],
    [{ BOARD_HOST: '0.0.0.0', BOARD_PASSWORD: 'x' }, 'BOARD_PASSWORD is too short'],
    [{ BOARD_HOST: '192.0.2.1', BOARD_PASSWORD: 'twelve chars' }, 'BOARD_HOST 192.0.2.1 is no address of this machine'],
  ] as const;
  await Promise.all(
    cases.map(async ([settings, message]) => {
      const { code, err, out } = await run(settings).ended;
      expect(err).toContain(message);
      expect(err).not.toMatch(/\n\s+at /);
      expect([code, out]).toEqual([2, '']);
    }),
  );
});

test('--help fits on a screen', async () => {
  const { code, out } = await run({}, ['--help']).ended;
  expect(code).toBe(0);
  expect(out).toContain('Example: npm run board');
  expect(out.split('\n').length).toBeLessThan(24);
});

import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, inject, onTestFinished, test } from 'vitest';
import { type Program, startProcess } from '../../../test/support/program.ts';
import { until } from '../../../test/support/until.ts';

function run(settings: Readonly<Record<string, string>>, args: readonly string[] = []): Program {
  const place = { LOG_FORMAT: 'json', REDIS_URL: inject('redisUrl'), BOARD_PORT: '0' };
  const program = startProcess('board', args, { ...place, ...settings });
  onTestFinished(() => program.kill('SIGKILL'));
  return program;
}

test('it says where it is, and ends at SIGTERM although readers are connected', async () => {
  const board = run({});
  await until('the address is there', () => board.stdout().includes('\n'));
  const [, port = ''] = /^The board is at http:\/\/127\.0\.0\.1:(\d+)\n$/.exec(board.stdout()) ?? [];
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  const half = 'GET /api/summary HTTP/1.1\r\nHost: localhost\r\n';
  await new Promise<void>((written) => socket.write(half, () => written()));
  board.kill('SIGTERM');
  const killed = setTimeout(() => board.kill('SIGKILL'), 5_000);
  expect(await board.ended).toEndWith({ code: 0 });
  clearTimeout(killed);
});

test('without a terminal, as under nohup, it goes on when a terminal goes', async () => {
  const board = run({});
  await until('the address is there', () => board.stdout().includes('\n'));
  board.kill('SIGHUP');
  const answer = await fetch(
    board
      .stdout()
      .replace(/^The board is at /, '')
      .trim(),
  );
  expect(answer.status).toBe(200);
  expect(await board.stop()).toEndWith({ code: 0 });
});

test('it says the path below which a proxy shows it', async () => {
  const board = run({ BOARD_BASE_PATH: '/inventory/' });
  await until('the address is there', () => board.stdout().includes('\n'));
  expect(board.stdout()).toMatch(/^The board is at http:\/\/127\.0\.0\.1:\d+\/inventory\n$/);
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
      const { code, stderr, stdout } = await run(settings).ended;
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect([code, stdout]).toEqual([2, '']);
    }),
  );
});

test('--help fits on a screen', async () => {
  const { code, stdout } = await run({}, ['--help']).ended;
  expect(code).toBe(0);
  expect(stdout).toContain('Example: npm run board');
  expect(stdout.split('\n').length).toBeLessThan(24);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { makeSettableClock } from './settable-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const hourMs = 3_600_000;

test("Redis' clock can be set while it runs, and keys end by it (skipped without a C compiler)", async (context) => {
  const folder = await temporaryFolder(onTestFinished);
  const clock = await makeSettableClock(folder);
  if (clock === null) return context.skip();
  const socket = join(folder, 'redis.sock');
  const server = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', ''], {
    env: { ...process.env, ...clock.env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const client = new Redis(socket, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on('error', () => undefined);
  onTestFinished(async () => {
    client.disconnect();
    server.kill('SIGKILL');
    await once(server, 'exit');
  });
  const ahead = async (): Promise<number> => Number((await client.time())[0]) * 1000 - Date.now();
  expect(Math.abs(await ahead())).toBeLessThan(5000);
  await client.set('soon', '1', 'PX', hourMs / 2);
  await clock.set(-hourMs);
  expect(Math.abs((await ahead()) + hourMs)).toBeLessThan(5000);
  expect(await client.pttl('soon')).toBeGreaterThan(hourMs);
  await clock.set(hourMs);
  expect(await client.exists('soon')).toBe(0);
});

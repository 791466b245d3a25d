import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Checkpoints } from '@inventory/checkpoints';
import { findRedisServer, Keyspace, openRedis } from '@inventory/redis';
import { expect, onTestFinished, test } from 'vitest';
import { addTests } from '../../../test/support/checkpoints.ts';
import { readState } from '../../../test/support/read-state.ts';
import { recordedLogger } from '../../../test/support/recorded-logger.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { until } from '../../../test/support/until.ts';
import { Exporter } from './exporter.ts';

async function startRedis(folder: string) {
  const args = ['--port', '0', '--unixsocket', join(folder, 'redis.sock'), '--dir', folder, '--appendonly', 'yes'];
  const { command, env } = await findRedisServer({ dataDir: folder, logger: recordedLogger().logger });
  const server = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  let said = '';
  server.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until('Redis is ready', () => said.includes('eady to accept connections'));
  return async () => {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  };
}

test('while Redis is away the exporter waits and the files stay; a stop does not wait forever', async () => {
  const folder = await temporaryFolder(onTestFinished);
  const stateDir = join(folder, 'state');
  const { logger } = recordedLogger();
  const stopRedis = await startRedis(folder);
  const runtime = await openRedis({ redisUrl: join(folder, 'redis.sock'), dataDir: '', name: 'test', logger });
  onTestFinished(() => runtime.close());
  const checkpoints = await Checkpoints.open(new Keyspace(runtime.connect('test'), '{away}'));
  const settings = { stateDir, queuePrefix: checkpoints.prefix, exportIntervalMs: 50 };
  const exporter = await Exporter.start({ checkpoints, settings, logger, lookEveryMs: 50, waitForRedisMs: 600 });
  await addTests(checkpoints, 30);
  await exporter.flush();

  await stopRedis();
  const flushed = exporter.flush();
  const stopAgain = await startRedis(folder);
  await flushed;
  expect(exporter.lastError).toBeNull();
  await addTests(checkpoints, 30, { from: 30 });
  await until('it goes on', async () => (await readState(stateDir)).utz.length === 50);

  await stopAgain();
  await exporter.stop();
  expect(exporter.lastError?.message).toMatch(/Redis does not answer/);
  expect((await readState(stateDir)).utz).toHaveLength(50);
});

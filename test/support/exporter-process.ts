import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Checkpoints } from '@inventory/checkpoints';
import { Keyspace, openRedis } from '@inventory/redis';
import { onTestFinished } from 'vitest';
import type { Ended } from './program.ts';
import { recordedLogger } from './recorded-logger.ts';
import { temporaryFolder } from './temporary-folder.ts';

const main = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));

/** Runs the exporter's process; killed at the end of the test at the latest. */
export function runExporter(args: readonly string[], settings: Readonly<Record<string, string>>) {
  const env = { PATH: process.env['PATH'] ?? '', ENV_FILE: 'none', LOG_FORMAT: 'json', ...settings };
  const options = [main, 'exporter', ...args];
  const child: ChildProcess = spawn(process.execPath, options, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, ...said }));
  return { child, ended };
}

/** Settings for a folder of its own, with the embedded Redis held open by this process. */
export async function exporterHome() {
  const folder = await temporaryFolder(onTestFinished);
  const settings = { STATE_DIR: join(folder, 'state'), DATA_DIR: join(folder, 'data'), EXPORT_INTERVAL_MS: '100' };
  const { logger } = recordedLogger();
  const redis = await openRedis({ redisUrl: '', dataDir: settings.DATA_DIR, name: 'test', logger });
  onTestFinished(() => redis.close());
  return { settings, checkpoints: await Checkpoints.open(new Keyspace(redis.connect('test'), '{classify}')) };
}

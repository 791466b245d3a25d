import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { killAtExit } from './program.ts';

/** A redis-server that takes connections, or did. */
export interface RedisServerProcess {
  signal(name: NodeJS.Signals): void;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
}

/** Starts a redis-server or a Sentinel, and waits until it takes connections. It lives no longer than this process. */
export async function startRedisServer(
  args: readonly string[],
  { command = 'redis-server', env = process.env } = {},
): Promise<RedisServerProcess> {
  const server = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  killAtExit(server);
  const ended = once(server, 'exit');
  let said = '';
  await new Promise<void>((ready, failed) => {
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/eady to accept connections|Sentinel ID is/.test(said)) ready();
    });
    ended.then(() => failed(new Error(`redis-server ended: ${said}`)), failed);
  });
  return {
    signal: (name) => void server.kill(name),
    async kill() {
      server.kill('SIGKILL');
      await ended;
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TcpRedis {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a real redis-server on a free TCP port of the loopback address, and waits until it takes connections. */
export async function startTcpRedis(args: readonly string[] = [], wantedPort?: number): Promise<TcpRedis> {
  const port = wantedPort ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'inventory-'));
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const server = spawn('redis-server', [...fixed, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  await new Promise<void>((ready, failed) => {
    let said = '';
    server.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('eady to accept connections')) ready();
    });
    ended.then(() => failed(new Error(`redis-server ended: ${said}`)), failed);
  });
  return {
    port,
    stop: async () => {
      server.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A TCP port of the loopback address that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A network between a test and Redis that breaks when it is told to. */
export interface Relay {
  readonly port: number;
  /** From now on nothing passes over the connections that are open, and neither side hears of it; new ones work. */
  loseConnections(): void;
  /** Closes the connection in the middle of the next answers to a request that contains a text. */
  cutAnswersTo(text: string): void;
  close(): Promise<void>;
}

/** @param to port or socket on this machine that connections are passed on to */
export async function startRelay(to: number | string): Promise<Relay> {
  const pairs: [Socket, Socket][] = [];
  let cutAt: string | null = null;
  const relay = createServer((near) => {
    const far = typeof to === 'number' ? connect(to, '127.0.0.1') : connect(to);
    near.pipe(far).pipe(near);
    near.on('data', (request: Buffer) => {
      if (cutAt === null || !request.includes(cutAt)) return;
      cutAt = null;
      far.unpipe(near);
      far.resume().once('data', (answers: Buffer) => {
        far.destroy();
        near.resume().end(answers.subarray(0, answers.length / 2));
      });
    });
    for (const socket of [near, far]) socket.on('error', () => undefined);
    pairs.push([near, far]);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    port: (relay.address() as AddressInfo).port,
    loseConnections() {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    cutAnswersTo(text) {
      cutAt = text;
    },
    async close() {
      for (const socket of pairs.flat()) socket.destroy();
      relay.close();
      await once(relay, 'close');
    },
  };
}

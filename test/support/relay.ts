import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Certificates } from './certificates.ts';

/** A network between a test and a server that breaks when it is told to. */
export interface Relay {
  readonly port: number;
  /** Breaks all connections, half of them with a reset, and resets new ones. @returns what ends that */
  cut(): () => void;
  /** From now on nothing passes over the connections that are open, and neither side hears of it; new ones work. */
  loseConnections(): void;
  /** Closes the connection in the middle of the next answers to a request that contains a text. */
  cutAnswersTo(text: string): void;
}

interface RelayOptions {
  /** Port or socket on this machine that connections are passed on to. */
  readonly to: number | string;
  readonly afterTest: (work: () => Promise<void>) => void;
  /** With them it speaks TLS in front of a server that does not. */
  readonly certificates?: Certificates;
}

/** Listens on a free port of the loopback address until the test is over, and passes everything on, ends and resets included. */
export async function startRelay({ to, afterTest, certificates }: RelayOptions): Promise<Relay> {
  const passing = { allowHalfOpen: true, noDelay: true };
  const target = typeof to === 'number' ? { port: to, host: '127.0.0.1' } : { path: to };
  const connections = new Map<Socket, Socket>();
  let cuts = 0;
  let cutAt: string | null = null;
  const reset = (socket: Socket) => void (certificates ? socket.destroy() : socket.resetAndDestroy());
  const pass = (near: Socket): void => {
    near.on('error', () => undefined);
    if (cuts > 0) return void reset(near);
    const far = connect({ ...target, ...passing });
    connections.set(near, far);
    near.on('close', () => {
      connections.delete(near);
      far.destroy();
    });
    // A reset of the server is to be a reset for the client; a Unix socket cannot be reset.
    far.on('error', () => reset(near));
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
    near.on('data', (request: Buffer) => {
      if (cutAt === null || !request.includes(cutAt)) return;
      cutAt = null;
      far.unpipe(near);
      far.resume().once('data', (answers: Buffer) => void near.resume().end(answers.subarray(0, answers.length / 2)));
    });
  };
  const cut = (): (() => void) => {
    cuts += 1;
    for (const [index, near] of [...connections.keys()].entries()) {
      if (index % 2 === 0) reset(near);
      else near.destroy();
    }
    return () => {
      cuts -= 1;
    };
  };
  const files = certificates && [certificates.certificate, certificates.key];
  const [cert = '', key = ''] = await Promise.all((files ?? []).map((path) => readFile(path)));
  const server = certificates ? createTlsServer({ ...passing, cert, key }, pass) : createServer(passing, pass);
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterTest(async () => {
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    loseConnections() {
      for (const [near, far] of connections) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    cutAnswersTo(text) {
      cutAt = text;
    },
  };
}

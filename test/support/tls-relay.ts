import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Certificates } from './certificates.ts';

/** The part that speaks TLS in front of a server that does not. */
export interface TlsRelay extends AsyncDisposable {
  readonly port: number;
}

/** @param url where the server behind it is, on loopback */
export async function tlsRelay(url: string, { certificate, key }: Certificates): Promise<TlsRelay> {
  const behind = Number(new URL(url).port);
  const sockets = new Set<Socket>();
  const server = createServer({ cert: await readFile(certificate), key: await readFile(key) }, (socket) => {
    const onward = connect(behind, '127.0.0.1');
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        sockets.delete(end);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net';

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Which of the server's connections it came by, from 0. */
  readonly connection: number;
  /** Epoch ms. */
  readonly at: number;
}

export interface AnsweringServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly Seen[];
}

/** A real server on loopback for one test; `answer` gets each request with its number, from 0. */
export async function answeringServer(
  answer: (response: ServerResponse, request: Seen, nth: number) => void,
): Promise<AnsweringServer> {
  const seen: Seen[] = [];
  const sockets: Socket[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request;
      if (!sockets.includes(socket)) sockets.push(socket);
      const body = Buffer.concat(chunks).toString();
      const entry = { method, url, headers, body, connection: sockets.indexOf(socket), at: Date.now() };
      seen.push(entry);
      answer(response, entry, seen.length - 1);
    });
  });
  const { url, close } = await listen(server);
  return {
    url,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await close();
    },
  };
}

/** A server that writes the same bytes to whoever sends something, then ends or cuts the connection. */
export async function rawServer(
  bytes: string,
  ending: 'end' | 'reset' | 'stay',
): Promise<AsyncDisposable & { url: string }> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(bytes, 'latin1', () => {
        if (ending === 'end') socket.end();
        if (ending === 'reset') socket.resetAndDestroy();
      });
    });
  });
  const { url, close } = await listen(server);
  return {
    url,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await close();
    },
  };
}

async function listen(server: Server): Promise<{ url: string; close: () => Promise<void> }> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((done) => server.close(() => done())) };
}

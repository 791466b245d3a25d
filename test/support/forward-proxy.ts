import { createServer, type IncomingMessage, request as send } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** One request to the proxy itself. */
export interface ProxySeen {
  readonly method: string;
  /** `HOST:PORT` of a CONNECT, else the whole URL. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
}

export interface ForwardProxy extends AsyncDisposable {
  readonly port: number;
  readonly seen: readonly ProxySeen[];
  /** How many connections to it there are. */
  connections(): number;
  /** How many there have been. */
  everConnected(): number;
  /** Breaks all connections, tunnels too. */
  cut(): void;
}

/**
 * A real forward proxy on loopback. Whatever name is asked for, it goes to this machine.
 * @param refuse gives the whole text of an answer of its own, or null to pass a request on; `never` for no answer at all
 */
export async function forwardProxy(
  refuse: (request: ProxySeen, nth: number) => string | 'never' | null = () => null,
): Promise<ForwardProxy> {
  const seen: ProxySeen[] = [];
  const sockets = new Set<Socket>();
  const judge = ({ method = '', url = '', headers }: IncomingMessage): string | 'never' | null => {
    const entry = { method, target: url, headers };
    seen.push(entry);
    return refuse(entry, seen.length - 1);
  };
  const server = createServer((request, response) => {
    const refusal = judge(request);
    if (refusal === 'never') return;
    if (refusal !== null) return void request.socket.end(refusal);
    const { port, pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = send({ port, path: pathname + search, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  let everConnected = 0;
  server.on('connection', (socket) => {
    everConnected += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, socket) => {
    socket.on('error', () => undefined);
    const refusal = judge(request);
    if (refusal === 'never') return void socket.resume().on('end', () => socket.end());
    if (refusal !== null) return void socket.end(refusal);
    const onward = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    connections: () => sockets.size,
    everConnected: () => everConnected,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((done) => server.close(done));
    },
  };
}

/** What a proxy says instead of passing a request on. */
export function refusal(status: string, body = ''): string {
  const head = [`HTTP/1.1 ${status}`, 'Content-Type: text/html', `Content-Length: ${body.length}`, 'Connection: close'];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A forward proxy for HTTPS that can refuse its tunnels. */
export interface ConnectProxy {
  readonly port: number;
  /** What it was asked to connect to (`HOST:PORT`), oldest first. */
  readonly asked: readonly string[];
  /** Answers CONNECT with this status and a page of HTML from now on; null = lets everything through again. */
  refuse(status: number | null): void;
  /** Breaks all tunnels. */
  cut(): void;
  close(): Promise<void>;
}

/**
 * Listens on a free port of the loopback address. Whatever host a tunnel is asked for, it ends at `target` there.
 * @param authorization the `Proxy-Authorization` that is asked for; 407 for all others
 */
export async function startConnectProxy(target: number, authorization?: string): Promise<ConnectProxy> {
  const ends = new Set<Duplex>();
  const asked: string[] = [];
  let refusal: number | null = null;
  const server = createServer((_, response) => response.writeHead(501).end());
  server.on('connect', (request, near: Socket, head: Buffer) => {
    asked.push(request.url ?? '');
    near.on('error', () => undefined);
    const isKnown = authorization === undefined || request.headers['proxy-authorization'] === authorization;
    const status = isKnown ? refusal : 407;
    if (status !== null) return void near.end(refusalText(status));
    const far = connect({ host: '127.0.0.1', port: target, noDelay: true });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        ends.delete(one);
        other.destroy();
      });
    }
    far.once('connect', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.write(head);
      near.pipe(far);
      far.pipe(near);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const end of ends) end.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    refuse(status) {
      refusal = status;
    },
    cut,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      cut();
      await closed;
    },
  };
}

function refusalText(status: number): string {
  const page = '<!doctype html><html><h1>The proxy says no</h1></html>';
  const headers = ['content-type: text/html', `content-length: ${page.length}`, 'connection: close'];
  return [`HTTP/1.1 ${status} No`, ...headers, '', page].join('\r\n');
}

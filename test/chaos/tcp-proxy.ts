import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

/**
 * A line between the program and a server that can be cut. Listens on a free port of the loopback address and passes
 * everything on, ends and resets included.
 */
export async function startTcpProxy(target: NetConnectOpts) {
  const pairs = new Set<readonly [Socket, Socket]>();
  let refusing = false;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    near.on('error', () => undefined);
    if (refusing) return void near.resetAndDestroy();
    const far = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const pair = [near, far] as const;
    pairs.add(pair);
    near.on('error', () => far.destroy());
    // A reset of the server is to be a reset for the client; a Unix socket cannot be reset.
    far.on('error', () => near.resetAndDestroy());
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  /** Breaks all connections: half of them with a reset, half with an orderly end. */
  const cut = (): void => {
    let reset = false;
    for (const [near, far] of pairs) {
      reset = !reset;
      if (reset) near.resetAndDestroy();
      else near.destroy();
      far.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    /** Whether new connections are reset at once. */
    refuse(next: boolean) {
      refusing = next;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

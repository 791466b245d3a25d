import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

/**
 * A line between the program and a server that can be cut. Listens on a free port of the loopback address and passes
 * everything on, ends and resets included.
 */
export async function startTcpProxy(target: NetConnectOpts) {
  const pairs = new Set<readonly [Socket, Socket]>();
  let cuts = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    near.on('error', () => undefined);
    if (cuts > 0) return void near.resetAndDestroy();
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
  /** Breaks all connections, half of them with a reset, and resets new ones. @returns what ends that */
  const cut = (): (() => void) => {
    cuts += 1;
    for (const [index, [near, far]] of [...pairs].entries()) {
      if (index % 2 === 0) near.resetAndDestroy();
      else near.destroy();
      far.destroy();
    }
    return () => {
      cuts -= 1;
    };
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

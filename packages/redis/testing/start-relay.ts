import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between a test and Redis that can lose connections without a word to either side. */
export interface Relay {
  readonly port: number;
  /** From now on nothing passes over the connections that are open, and neither side hears of it; new ones work. */
  loseConnections(): void;
  close(): Promise<void>;
}

/** @param to port on this machine that connections are passed on to */
export async function startRelay(to: number): Promise<Relay> {
  const pairs: [Socket, Socket][] = [];
  const relay = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    near.pipe(far).pipe(near);
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
    async close() {
      for (const socket of pairs.flat()) socket.destroy();
      relay.close();
      await once(relay, 'close');
    },
  };
}

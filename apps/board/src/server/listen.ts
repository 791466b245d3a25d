import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { type Settings, SettingsError } from '@inventory/config';
import { explainListenError } from './explain-listen-error.ts';

/** A server that is listening. */
export interface Listening {
  readonly url: string;
  /** Ends it. @param graceMs time for answers that are on their way, ms */
  close(graceMs: number): Promise<void>;
}

/** How long clients may take, ms: slow ones must not pile up. */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
};

/** A reader that takes nothing for a minute is let go. */
const idle = 60_000;

const mostConnections = 256;

/** Listens on the board's host and port. @throws SettingsError when that is not possible */
export async function listen(
  answer: Parameters<typeof getRequestListener>[0],
  { boardHost, boardPort }: Pick<Settings, 'boardHost' | 'boardPort'>,
): Promise<Listening> {
  const server = createServer({ ...patience, maxHeaderSize: 16_384 }, getRequestListener(answer));
  server.maxConnections = mostConnections;
  server.setTimeout(idle);
  try {
    server.listen(boardPort, boardHost);
    await once(server, 'listening');
  } catch (error) {
    throw new SettingsError([explainListenError(error, boardHost, boardPort)]);
  }
  return {
    url: urlOf(server.address(), boardHost),
    async close(graceMs) {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      await Promise.race([closed, sleep(graceMs)]);
      server.closeAllConnections();
      await closed;
    },
  };
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' ? address?.port : undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

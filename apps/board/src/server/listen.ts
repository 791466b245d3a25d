import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { type Settings, SettingsError } from '@inventory/config';
import { groupOf } from './visitors.ts';

export interface Listening {
  readonly url: string;
  /** Ends it. @param graceMs time for requests in progress, ms */
  close(graceMs: number): Promise<void>;
}

/** How long clients may take, ms: slow ones must not pile up. */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
};

/** A connection on which nothing moves for a minute is closed. */
const idle = 60_000;

const mostConnections = 256;

/** Connections of one address without a request. Browsers open six, and proxies seldom keep more than these. */
const mostWaiting = 32;

/** Listens on the board's host and port. @throws SettingsError when that is not possible */
export async function listen(
  answer: Parameters<typeof getRequestListener>[0],
  { boardHost, boardPort }: Pick<Settings, 'boardHost' | 'boardPort'>,
): Promise<Listening> {
  const server = createServer({ ...patience, maxHeaderSize: 16_384 }, getRequestListener(answer));
  server.maxConnections = mostConnections;
  server.setTimeout(idle);
  limitWaiting(server);
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

/**
 * Closes the connection of an address that has waited longest when more than 32 of the same address wait for a request,
 * or for the rest of one: half requests, sent slowly, would otherwise take all connections from others.
 */
function limitWaiting(server: Server): void {
  const waiting = new Map<string, Set<Socket>>();
  const leave = (address: string, socket: Socket): void => {
    const sockets = waiting.get(address);
    sockets?.delete(socket);
    if (sockets?.size === 0) waiting.delete(address);
  };
  const enter = (address: string, socket: Socket): void => {
    const sockets = waiting.get(address) ?? new Set();
    waiting.set(address, sockets.add(socket));
    const [oldest] = sockets;
    if (sockets.size <= mostWaiting || oldest === undefined) return;
    leave(address, oldest);
    oldest.destroy();
  };
  server.on('connection', (socket) => {
    const address = groupOf(socket.remoteAddress);
    enter(address, socket);
    socket.once('close', () => leave(address, socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    const address = groupOf(socket.remoteAddress);
    leave(address, socket);
    response.once('close', () => {
      if (!socket.destroyed) enter(address, socket);
    });
  });
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' ? address?.port : undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Why the board cannot listen, and what to do. */
function explainListenError(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `BOARD_PORT ${port} on ${host} is in use already: choose another, or 0 for a free one.`;
    case 'EACCES':
      return `BOARD_PORT ${port} needs more rights: choose one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `BOARD_HOST ${host} is no address of this machine.`;
    default:
      return `The board cannot listen on ${host}, port ${port} (${String(code)}).`;
  }
}

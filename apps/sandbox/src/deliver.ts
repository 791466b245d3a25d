import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Answer } from './answer.ts';
import type { Delivery } from './faults.ts';
import type { Outcome } from './request-log.ts';

/** Long enough for the first half to reach the client's program before the connection breaks. */
const HALF_BODY_MS = 20;

/** Sends an answer, or breaks the connection as asked, and says how the request ended. */
export function deliver(response: ServerResponse, answer: Answer, delivery: Delivery = 'whole'): Outcome {
  const { socket } = response;
  if (!socket || socket.destroyed) return 'client-closed';
  if (delivery === 'hang') return 'hang';
  if (delivery === 'reset') {
    reset(socket);
    return 'reset';
  }
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
  if (delivery === 'whole') {
    response.end(body);
    return answer.status;
  }
  response.flushHeaders();
  response.write(body.subarray(0, Math.floor(body.length / 2)));
  setTimeout(() => (delivery === 'cut-body' ? socket.end() : reset(socket)), HALF_BODY_MS);
  return delivery;
}

/** Node resets plain connections only; one with TLS ends without an alert, which is a reset for HTTP clients. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

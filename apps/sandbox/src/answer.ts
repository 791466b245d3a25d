import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Endpoint } from './endpoints.ts';
import type { Delivery } from './faults.ts';
import type { Outcome } from './request-log.ts';

/** An HTTP answer as data. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const WORDS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ['BAD_REQUEST', 'Bad request'],
  401: ['UNAUTHORIZED', 'Missing or invalid access token'],
  403: ['FORBIDDEN', 'Forbidden'],
  404: ['NOT_FOUND', 'Resource not found'],
  429: ['TOO_MANY_REQUESTS', 'Too many requests. Maximum of 10 requests per minute.'],
  500: ['INTERNAL_SERVER_ERROR', 'Internal server error'],
  503: ['SERVICE_UNAVAILABLE', 'Service unavailable'],
};

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/**
 * An error in the words of the endpoint's API: {code, message} for the Results API, {errorCode, errorMessage} for
 * version 1, {error, error_description} for the token endpoint.
 */
export function errorAnswer(endpoint: Endpoint | 'unknown', status: number, detail?: string): Answer {
  const [code, words] = WORDS[status] ?? ['ERROR', `Status ${status}`];
  const message = detail ?? words;
  if (endpoint === 'token') {
    const error = status >= 500 ? 'server_error' : 'invalid_request';
    return jsonAnswer(status, { error, error_description: message });
  }
  const isVersion1 = endpoint === 'workspaces' || endpoint === 'listing';
  const body = isVersion1 ? { errorCode: code, errorMessage: message } : { code, message };
  return jsonAnswer(status, body, status === 401 ? { 'www-authenticate': 'Bearer' } : {});
}

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

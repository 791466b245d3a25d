import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { deliver, jsonAnswer } from './answer.ts';
import { ENDPOINTS } from './endpoints.ts';
import { faultSchema } from './faults.ts';
import { libraryEntries, librarySummary } from './library/expected.ts';
import type { Library } from './library/library.ts';
import { requestStatistics, resultsRequests } from './request-log.ts';
import type { SandboxState } from './state.ts';

export interface AdminRequest {
  readonly method: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface AdminCall {
  readonly body: unknown;
  readonly query: URLSearchParams;
  /** The id of a fault that the path names. */
  readonly id: string;
}

/** Gives the JSON to answer; undefined = 404. Throws for a body of the wrong form. */
type Handler = (state: SandboxState, call: AdminCall) => unknown;

const OK = { ok: true };
const delay = z.union([z.number().nonnegative(), z.tuple([z.number().nonnegative(), z.number().nonnegative()])]);
/** Body of PUT /sandbox/latency, in ms. */
const latencySchema = z.strictObject({ latency: z.union([delay, z.partialRecord(z.enum(ENDPOINTS), delay)]) });
const faultsSchema = z.union([z.array(faultSchema), faultSchema]);
const LIBRARY = 'GET /sandbox/library';
/** How many tests are sent at once. */
const PIECE = 500;

/** What the admin API can do, beside the library, which is sent in pieces. */
const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /sandbox/health': () => OK,
  'GET /sandbox/library/summary': ({ library }) => librarySummary(library),
  'GET /sandbox/requests': ({ log }, { query }) => {
    const endpoint = query.get('endpoint');
    if (endpoint === 'results') return resultsRequests(log.all());
    return log.all().filter((request) => endpoint === null || request.endpoint === endpoint);
  },
  'DELETE /sandbox/requests': ({ log }) => {
    log.reset();
    return OK;
  },
  'GET /sandbox/statistics': ({ log, tokens }) => ({
    ...requestStatistics(log.all()),
    tokensIssued: tokens.issued(),
  }),
  'GET /sandbox/faults': ({ faults }) => faults.list(),
  'POST /sandbox/faults': ({ faults }, { body }) => ({
    ids: [faultsSchema.parse(body)].flat().map((fault) => faults.add(fault)),
  }),
  'DELETE /sandbox/faults': ({ faults }) => {
    faults.clear();
    return OK;
  },
  'DELETE /sandbox/faults/ID': ({ faults }, { id }) => (faults.remove(id) ? OK : undefined),
  'PUT /sandbox/latency': (state, { body }) => {
    state.latency = latencySchema.parse(body).latency;
    return OK;
  },
  'POST /sandbox/tokens/revoke': ({ tokens }) => {
    tokens.revokeAll();
    return OK;
  },
};

/** Answers a request to the admin API: 404 for an unknown address, 400 with `error` for a body of the wrong form. */
export async function answerAdmin(
  state: SandboxState,
  { method, url, request, response }: AdminRequest,
): Promise<void> {
  const [, id = ''] = /^\/sandbox\/faults\/([^/]+)$/.exec(url.pathname) ?? [];
  const name = `${method} ${id === '' ? url.pathname : '/sandbox/faults/ID'}`;
  if (name === LIBRARY) return sendLibrary(state.library, response);
  const handler = ROUTES[name];
  const body = await text(request);
  if (!handler) {
    const error = `no such address; there are ${[LIBRARY, ...Object.keys(ROUTES)].join(', ')}`;
    return void deliver(response, jsonAnswer(404, { error }));
  }
  try {
    const value = handler(state, { body: body === '' ? {} : JSON.parse(body), query: url.searchParams, id });
    deliver(response, jsonAnswer(value === undefined ? 404 : 200, value ?? { error: 'not found' }));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    deliver(response, jsonAnswer(400, { error: message }));
  }
}

/** Sends every test with its expected verdict as one JSON array, in pieces, so that its length does not matter. */
async function sendLibrary(library: Library, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  await pipeline(Readable.from(pieces(library)), response);
}

function* pieces(library: Library): Generator<string> {
  let piece = '[';
  let sent = 0;
  for (const entry of libraryEntries(library)) {
    piece += `${sent > 0 ? ',' : ''}${JSON.stringify(entry)}`;
    sent += 1;
    if (sent % PIECE > 0) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]`;
}

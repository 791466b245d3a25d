import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { deliver, jsonAnswer } from './answer.ts';
import { ENDPOINTS } from './endpoints.ts';
import { faultSchema } from './faults.ts';
import { libraryEntries } from './library/expected.ts';
import { resultsRequests } from './request-log.ts';
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
}

/** Gives the JSON to answer. Throws for a body of the wrong form. */
type Handler = (state: SandboxState, call: AdminCall) => unknown;

const OK = { ok: true };
const delay = z.union([z.number().nonnegative(), z.tuple([z.number().nonnegative(), z.number().nonnegative()])]);
/** Body of PUT /sandbox/latency, in ms. */
const latencySchema = z.strictObject({ latency: z.union([delay, z.partialRecord(z.enum(ENDPOINTS), delay)]) });
const faultsSchema = z.union([z.array(faultSchema), faultSchema]);

/** What programs in other processes can do with a sandbox. */
const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /sandbox/health': () => OK,
  'GET /sandbox/library': ({ library }) => [...libraryEntries(library)],
  'GET /sandbox/requests': ({ log }, { query }) => {
    const endpoint = query.get('endpoint');
    if (endpoint === 'results') return resultsRequests(log.all());
    return log.all().filter((request) => endpoint === null || request.endpoint === endpoint);
  },
  'POST /sandbox/faults': ({ faults }, { body }) => ({
    ids: [faultsSchema.parse(body)].flat().map((fault) => faults.add(fault)),
  }),
  'DELETE /sandbox/faults': ({ faults }) => {
    faults.clear();
    return OK;
  },
  'PUT /sandbox/latency': (state, { body }) => {
    state.latency = latencySchema.parse(body).latency;
    return OK;
  },
};

/** Answers a request to the admin API: 404 for an unknown address, 400 with `error` for a body of the wrong form. */
export async function answerAdmin(
  state: SandboxState,
  { method, url, request, response }: AdminRequest,
): Promise<void> {
  const handler = ROUTES[`${method} ${url.pathname}`];
  const body = await text(request);
  if (!handler) {
    const error = `no such address; there are ${Object.keys(ROUTES).join(', ')}`;
    return void deliver(response, jsonAnswer(404, { error }));
  }
  try {
    const value = handler(state, { body: body === '' ? {} : JSON.parse(body), query: url.searchParams });
    deliver(response, jsonAnswer(200, value));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    deliver(response, jsonAnswer(400, { error: message }));
  }
}

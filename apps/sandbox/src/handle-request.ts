import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { answerAdmin } from './admin.ts';
import { type Answer, deliver, errorAnswer } from './answer.ts';
import { type Call, readCall } from './endpoints.ts';
import { planAnswer } from './plan-answer.ts';
import type { LogEntry } from './request-log.ts';
import type { SandboxState } from './state.ts';

const SIGN_IN: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html><h1>Sign in</h1></html>',
};

/** Answers one HTTP request: the admin API below /sandbox, everything else as the API, noted in the log. */
export async function handleRequest(
  state: SandboxState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const at = state.clock();
  const { method = 'GET' } = request;
  const address = `http://sandbox${request.url}`;
  const url = new URL(URL.canParse(address) ? address : 'http://sandbox/bad-address');
  if (/^\/sandbox(\/|$)/.test(url.pathname)) return answerAdmin(state, { method, url, request, response });
  if (url.pathname === '/sign-in') return void deliver(response, SIGN_IN);
  const call = readCall(method, url);
  const entry = noteArrival({ state, request, call, at });
  if (call) return answerApi({ state, request, response, call, entry });
  entry.status = deliver(response, errorAnswer('unknown', 404));
  entry.endedAt = state.clock();
}

interface Exchange {
  readonly state: SandboxState;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly call: Call;
  readonly entry: LogEntry;
}

async function answerApi({ state, request, response, call, entry }: Exchange): Promise<void> {
  response.once('close', () => {
    if (response.writableFinished) return;
    if (entry.status === 'pending') entry.status = 'client-closed';
    entry.endedAt ??= state.clock();
  });
  const body = call.endpoint === 'token' ? await text(request) : '';
  const { authorization, 'content-type': contentType } = request.headers;
  const { answer, delivery, delayMs, ...noted } = planAnswer(state, call, { authorization, contentType, body });
  Object.assign(entry, noted);
  if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
  response.setHeader('date', new Date(state.wallClock()).toUTCString());
  const outcome = deliver(response, answer, delivery);
  if (outcome === 'client-closed') return;
  entry.status = outcome;
  entry.endedAt = outcome === 'hang' ? null : state.clock();
}

function noteArrival({
  state,
  request,
  call,
  at,
}: Pick<Exchange, 'state' | 'request'> & { call?: Call | undefined; at: number }) {
  const sessionId = call?.sessionId ?? null;
  const owner = sessionId === null ? undefined : state.library.testOfSession(sessionId)?.uuid;
  return state.log.open({
    at,
    endpoint: call?.endpoint ?? 'unknown',
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    workspaceUuid: call?.workspaceUuid ?? null,
    testUuid: call?.testUuid ?? owner ?? null,
    sessionId,
    remotePort: request.socket.remotePort ?? 0,
    userAgent: request.headers['user-agent'] ?? null,
  });
}

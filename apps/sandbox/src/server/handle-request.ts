import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerAdmin } from '../admin/answer-admin.ts';
import { type Answer, jsonAnswer } from '../answers/answer.ts';
import { errorAnswer } from '../answers/error-answer.ts';
import { type Call, readCall } from '../read-call.ts';
import { deliverAnswer } from './deliver-answer.ts';
import { latencyMs } from './latency.ts';
import { planAnswer } from './plan-answer.ts';
import { readBody } from './read-body.ts';
import { type SandboxState, serverTime } from './sandbox-state.ts';

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
  const method = request.method ?? 'GET';
  const url = readUrl(request.url ?? '/');
  if (url.pathname === '/sandbox' || url.pathname.startsWith('/sandbox/')) {
    return answerAdmin(state, method, url, await readBody(request), response);
  }
  if (url.pathname === '/sign-in') return void deliverAnswer(response, SIGN_IN, 'whole');
  const call = readCall(method, url);
  const number = noteArrival(state, request, call, at);
  if (!call) {
    const status = deliverAnswer(response, errorAnswer('unknown', 404), 'whole');
    return state.log.change(number, { status, endedAt: state.clock() });
  }
  await answerApi(state, call, number, request, response);
}

/** What the client gets when the sandbox itself has a bug or the request's body never came. */
export function internalError(error: unknown): Answer {
  return jsonAnswer(500, { error: `sandbox: ${error instanceof Error ? error.message : String(error)}` });
}

function readUrl(address: string): URL {
  const absolute = `http://sandbox${address}`;
  return new URL(URL.canParse(absolute) ? absolute : 'http://sandbox/bad-address');
}

async function answerApi(
  state: SandboxState,
  call: Call,
  number: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.once('close', () => {
    if (!response.writableFinished) noteBreak(state, number);
  });
  const body = call.endpoint === 'token' ? await readBody(request) : '';
  const { authorization, 'content-type': contentType } = request.headers;
  const planned = planAnswer(state, call, { authorization, contentType, body });
  const { faultId, tokenGeneration } = planned;
  state.log.change(number, { faultId, tokenGeneration });
  const delayMs = latencyMs(state.latency, call.endpoint, state.random) + planned.extraDelayMs;
  if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
  response.setHeader('date', new Date(serverTime(state)).toUTCString());
  const status = deliverAnswer(response, planned.answer, planned.delivery);
  const endedAt = status === 'hang' ? null : state.clock();
  if (status !== 'client-closed') state.log.change(number, { status, endedAt });
}

function noteArrival(state: SandboxState, request: IncomingMessage, call: Call | undefined, at: number): number {
  const sessionId = call?.sessionId ?? null;
  const owner = sessionId ? state.library.session(sessionId)?.test.uuid : undefined;
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

function noteBreak(state: SandboxState, number: number): void {
  const entry = state.log.get(number);
  if (!entry) return;
  if (entry.status === 'pending') state.log.change(number, { status: 'client-closed', endedAt: state.clock() });
  else if (entry.endedAt === null) state.log.change(number, { endedAt: state.clock() });
}

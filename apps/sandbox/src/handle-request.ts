import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { answerAdmin } from './admin.ts';
import { type Answer, deliver, errorAnswer } from './answer.ts';
import { answerCall } from './api-answers.ts';
import { type Call, type Endpoint, isResultsEndpoint, readCall } from './endpoints.ts';
import { type ActiveFault, applyFault } from './faults.ts';
import type { Random } from './library/seeded.ts';
import { rateHeaders, retryAfterHeader } from './limiter.ts';
import type { LogEntry } from './request-log.ts';
import type { Delay, Latency, SandboxState } from './state.ts';
import { answerTokenRequest, type RequestParts } from './tokens.ts';

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
  });
}

/** An answer of the API, before faults and latency. */
interface UsualAnswer {
  readonly answer: Answer;
  readonly fault?: ActiveFault | undefined;
}

/** Faults after which a token is still issued; the others stop the request before that. */
const FAULTS_WITH_TOKEN = new Set(['delay', 'reset-in-body', 'cut-body']);

/** What a request gets, decided when it arrives: the usual answer, changed by a fault if one applies. */
function planAnswer(state: SandboxState, call: Call, request: RequestParts) {
  const { endpoint } = call;
  const { answer: usual, fault } =
    endpoint === 'token' ? usualToken(state, call, request) : usualAnswer(state, { ...call, endpoint }, request);
  const { answer, delivery, extraDelayMs } = fault
    ? applyFault(fault.fault, { endpoint, usual, throttled: throttledAnswer(state, endpoint, fault) })
    : { answer: usual, delivery: 'whole' as const, extraDelayMs: 0 };
  return {
    answer: { ...answer, headers: { ...resultsHeaders(state, endpoint), ...answer.headers } },
    delivery,
    delayMs: latencyMs(state.latency, endpoint, state.random) + extraDelayMs,
    faultId: fault?.id ?? null,
  };
}

/** How long the answer to one request takes, in ms. */
export function latencyMs(latency: Latency, endpoint: Endpoint, random: Random): number {
  const delay = isDelay(latency) ? latency : (latency[endpoint] ?? 0);
  return typeof delay === 'number' ? delay : delay[0] + (delay[1] - delay[0]) * random();
}

function isDelay(latency: Latency): latency is Delay {
  return typeof latency === 'number' || Array.isArray(latency);
}

/**
 * Checks the token (a 401 takes no place in the limiter's window), then the limiter, then the faults, then applies the
 * rules of the API. A request with a fault still takes its place in the window, unless the fault is `throttle`.
 */
function usualAnswer(
  state: SandboxState,
  call: Call & { readonly endpoint: Exclude<Endpoint, 'token'> },
  { authorization }: RequestParts,
): UsualAnswer {
  const { endpoint } = call;
  if (!state.tokens.check(authorization)) return { answer: errorAnswer(endpoint, 401) };
  const isResults = isResultsEndpoint(endpoint);
  if (isResults && state.limiter.usage().limited) return { answer: throttledAnswer(state, endpoint) };
  const fault = chooseFault(state, call);
  if (isResults && fault?.fault.kind !== 'throttle') state.limiter.take();
  const { library, style, wallClock } = state;
  return { answer: answerCall(endpoint, call, { library, style, nowMs: wallClock() }), fault };
}

function usualToken(state: SandboxState, call: Call, request: RequestParts): UsualAnswer {
  const fault = chooseFault(state, call);
  if (fault && !FAULTS_WITH_TOKEN.has(fault.fault.kind)) return { answer: errorAnswer('token', 503), fault };
  return { answer: answerTokenRequest(request, state.client, state.tokens), fault };
}

function chooseFault(state: SandboxState, { endpoint, workspaceUuid, ...call }: Call): ActiveFault | undefined {
  const testUuid = call.testUuid ?? (call.sessionId && state.library.testOfSession(call.sessionId)?.uuid);
  return state.faults.choose({ endpoint, workspaceUuid, testUuid });
}

/**
 * A 429 with the time to wait: until a `throttle` fault with `forMs` ends, else until a place in the window is free, else
 * a whole window.
 */
function throttledAnswer(state: SandboxState, endpoint: Endpoint, fault?: ActiveFault): Answer {
  const settings = state.limiter.settings();
  const usage = state.limiter.usage();
  const faultMs = fault?.fault.forMs === undefined ? undefined : fault.addedAt + fault.fault.forMs - state.clock();
  const resetMs = Math.max(0, faultMs ?? (usage.limited ? usage.resetMs : settings.windowMs));
  const answer = errorAnswer(endpoint, 429);
  const rate = isResultsEndpoint(endpoint) ? rateHeaders({ ...usage, remaining: 0, resetMs }, settings) : {};
  const retryAfter = retryAfterHeader(resetMs, settings.retryAfter, state.wallClock());
  return { ...answer, headers: { ...answer.headers, ...rate, ...retryAfter } };
}

function resultsHeaders({ limiter }: SandboxState, endpoint: Endpoint): Record<string, string> {
  if (!isResultsEndpoint(endpoint)) return {};
  return { 'cache-control': 'private,no-store', ...rateHeaders(limiter.usage(), limiter.settings()) };
}

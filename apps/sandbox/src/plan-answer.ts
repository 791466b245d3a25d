import { type Answer, errorAnswer } from './answer.ts';
import { answerCall } from './api-answers.ts';
import { type Call, type Endpoint, isResultsEndpoint } from './endpoints.ts';
import type { ActiveFault } from './faults.ts';
import { applyFault } from './faults.ts';
import type { Random } from './library/seeded.ts';
import { rateHeaders, retryAfterHeader } from './limiter.ts';
import type { Delay, Latency, SandboxState } from './state.ts';
import { answerTokenRequest, type RequestParts } from './tokens.ts';

/** An answer of the API, before faults and latency. */
interface UsualAnswer {
  readonly answer: Answer;
  readonly generation: number;
  readonly fault?: ActiveFault | undefined;
}

/** Faults after which a token is still issued; the others stop the request before that. */
const FAULTS_WITH_TOKEN = new Set(['delay', 'reset-in-body', 'cut-body']);

/** What a request gets, decided when it arrives: the usual answer, changed by a fault if one applies. */
export function planAnswer(state: SandboxState, call: Call, request: RequestParts) {
  const { endpoint } = call;
  const {
    answer: usual,
    generation,
    fault,
  } = endpoint === 'token' ? usualToken(state, call, request) : usualAnswer(state, { ...call, endpoint }, request);
  const { answer, delivery, extraDelayMs } = fault
    ? applyFault(fault.fault, { endpoint, usual, throttled: throttledAnswer(state, endpoint, fault) })
    : { answer: usual, delivery: 'whole' as const, extraDelayMs: 0 };
  return {
    answer: { ...answer, headers: { ...resultsHeaders(state, endpoint), ...answer.headers } },
    delivery,
    delayMs: latencyMs(state.latency, endpoint, state.random) + extraDelayMs,
    faultId: fault?.id ?? null,
    tokenGeneration: generation,
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
  const { valid, generation } = state.tokens.check(authorization);
  if (!valid) return { answer: errorAnswer(endpoint, 401), generation };
  const isResults = isResultsEndpoint(endpoint);
  if (isResults && state.limiter.usage().limited) return { answer: throttledAnswer(state, endpoint), generation };
  const fault = chooseFault(state, call);
  if (isResults && fault?.fault.kind !== 'throttle') state.limiter.take();
  const { library, style, wallClock } = state;
  return { answer: answerCall(endpoint, call, { library, style, nowMs: wallClock() }), generation, fault };
}

function usualToken(state: SandboxState, call: Call, request: RequestParts): UsualAnswer {
  const fault = chooseFault(state, call);
  if (fault && !FAULTS_WITH_TOKEN.has(fault.fault.kind)) {
    return { answer: errorAnswer('token', 503), generation: 0, fault };
  }
  return { ...answerTokenRequest(request, state.client, state.tokens), fault };
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

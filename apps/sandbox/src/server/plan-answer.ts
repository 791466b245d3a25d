import type { Answer } from '../answers/answer.ts';
import { answerCall } from '../answers/answer-call.ts';
import { errorAnswer } from '../answers/error-answer.ts';
import { type Endpoint, isResultsEndpoint } from '../endpoint.ts';
import { applyFault } from '../faults/apply-fault.ts';
import type { ActiveFault } from '../faults/fault-board.ts';
import { rateHeaders } from '../limiter/rate-headers.ts';
import type { Call } from '../read-call.ts';
import { answerTokenRequest } from '../tokens/answer-token-request.ts';
import type { TokenRequest } from '../tokens/token-request.ts';
import type { PlannedAnswer } from './planned-answer.ts';
import { type SandboxState, serverTime } from './sandbox-state.ts';
import { throttledAnswer } from './throttled-answer.ts';

/** Faults that happen after the token was made; with all others none is handed out. */
const REACHES_TOKENS = new Set(['delay', 'reset-in-body', 'cut-body']);

/**
 * What a request gets: first the token is checked (a 401 takes no place in the limiter's window), then the limiter,
 * then the faults, then the rules of the API. A request that a fault meets takes its place in the window, unless the
 * fault is a 429 of the limiter's kind.
 */
export function planAnswer(state: SandboxState, call: Call, request: TokenRequest): PlannedAnswer {
  const { endpoint } = call;
  if (endpoint === 'token') return planToken(state, call, request);
  const { valid, generation } = state.tokens.check(request.authorization);
  if (!valid) return plan(state, endpoint, generation, errorAnswer(endpoint, 401));
  const isResults = isResultsEndpoint(endpoint);
  if (isResults && state.limiter.standing().limited) {
    if (state.limiter.settings().countRejected) state.limiter.take();
    return plan(state, endpoint, generation, throttledAnswer(state, endpoint));
  }
  const fault = chooseFault(state, call);
  if (isResults && fault?.fault.kind !== 'throttle') state.limiter.take();
  const context = { library: state.library, style: state.style, nowMs: serverTime(state) };
  return plan(state, endpoint, generation, answerCall(endpoint, call, context), fault);
}

function planToken(state: SandboxState, call: Call, request: TokenRequest): PlannedAnswer {
  const fault = chooseFault(state, call);
  const isReached = fault === undefined || REACHES_TOKENS.has(fault.fault.kind);
  const { answer, generation } = isReached
    ? answerTokenRequest(request, state.client, state.tokens, state.tokenLifeSeconds)
    : { answer: errorAnswer('token', 503), generation: 0 };
  return plan(state, 'token', generation, answer, fault);
}

function chooseFault(state: SandboxState, call: Call): ActiveFault | undefined {
  const { endpoint, workspaceUuid, sessionId } = call;
  const testUuid = call.testUuid ?? (sessionId ? state.library.session(sessionId)?.test.uuid : undefined);
  return state.faults.choose({ endpoint, workspaceUuid, testUuid, sessionId });
}

function plan(
  state: SandboxState,
  endpoint: Endpoint,
  tokenGeneration: number,
  usual: Answer,
  fault?: ActiveFault,
): PlannedAnswer {
  const { answer, delivery, extraDelayMs } = fault
    ? applyFault(fault.fault, endpoint, usual, throttledAnswer(state, endpoint, fault))
    : { answer: usual, delivery: 'whole' as const, extraDelayMs: 0 };
  const headers = isResultsEndpoint(endpoint) ? resultsHeaders(state) : {};
  return {
    answer: { ...answer, headers: { ...headers, ...answer.headers } },
    delivery,
    extraDelayMs,
    faultId: fault?.id ?? null,
    tokenGeneration,
  };
}

function resultsHeaders(state: SandboxState): Record<string, string> {
  const rate = rateHeaders(state.limiter.standing(), state.limiter.settings(), serverTime(state));
  return { 'cache-control': 'private,no-store', ...rate };
}

import type { Answer } from '../answers/answer.ts';
import { errorAnswer } from '../answers/error-answer.ts';
import { type Endpoint, isResultsEndpoint } from '../endpoint.ts';
import type { ActiveFault } from '../faults/fault-board.ts';
import { rateHeaders, retryAfterHeader } from '../limiter/rate-headers.ts';
import { type SandboxState, serverTime } from './sandbox-state.ts';

/**
 * The 429 of this moment. It names the wait until the end of a storm that lasts a set time, else until a place in the
 * window comes free, else a whole window.
 */
export function throttledAnswer(state: SandboxState, endpoint: Endpoint, fault?: ActiveFault): Answer {
  const settings = state.limiter.settings();
  const standing = state.limiter.standing();
  const stormMs = fault?.fault.forMs === undefined ? undefined : fault.addedAt + fault.fault.forMs - state.clock();
  const resetMs = Math.max(0, stormMs ?? (standing.limited ? standing.resetMs : settings.windowMs));
  const now = serverTime(state);
  const answer = errorAnswer(endpoint, 429);
  const rate = isResultsEndpoint(endpoint) ? rateHeaders({ ...standing, remaining: 0, resetMs }, settings, now) : {};
  const retryAfter = retryAfterHeader(resetMs, settings.retryAfter, now);
  return { ...answer, headers: { ...answer.headers, ...rate, ...retryAfter } };
}

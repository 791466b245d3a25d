import { type Endpoint, isResultsEndpoint } from '../endpoint.ts';
import type { Fault } from './fault.ts';

/** What a request is about, as far as faults ask. */
export interface FaultTarget {
  readonly endpoint: Endpoint;
  readonly workspaceUuid: string | undefined;
  readonly testUuid: string | undefined;
  readonly sessionId: string | undefined;
}

/** Whether a request is one of those that a fault is meant for. */
export function faultMatches(fault: Fault, target: FaultTarget): boolean {
  return (
    endpointMatches(fault.endpoint, target.endpoint) &&
    matches(fault.workspaceUuid, target.workspaceUuid) &&
    matches(fault.testUuid, target.testUuid) &&
    matches(fault.sessionId, target.sessionId)
  );
}

function endpointMatches(wanted: Fault['endpoint'], endpoint: Endpoint): boolean {
  if (wanted === undefined) return true;
  if (wanted === 'results') return isResultsEndpoint(endpoint);
  return Array.isArray(wanted) ? wanted.includes(endpoint) : wanted === endpoint;
}

function matches(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === actual;
}

import { isResultsEndpoint } from '../endpoint.ts';
import type { LoggedRequest } from '../requests/request-log.ts';

/** The requests that a query asks for: `endpoint` (or `results`), `testUuid`, `after` (a request number). */
export function selectRequests(requests: readonly LoggedRequest[], query: URLSearchParams): readonly LoggedRequest[] {
  const endpoint = query.get('endpoint');
  const testUuid = query.get('testUuid')?.toLowerCase();
  const after = Number(query.get('after') ?? 0);
  return requests.filter(
    (request) =>
      request.number > after &&
      (testUuid === undefined || request.testUuid === testUuid) &&
      (endpoint === null || request.endpoint === endpoint || (endpoint === 'results' && isResults(request))),
  );
}

function isResults({ endpoint }: LoggedRequest): boolean {
  return endpoint !== 'unknown' && isResultsEndpoint(endpoint);
}

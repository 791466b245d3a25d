/** The four endpoints of the Results API, which share one limit. */
const RESULTS_ENDPOINTS = ['sessionResults', 'videoDownloadUrl', 'transcript', 'qxScores'] as const;

/** Every endpoint of the API; `listing` is the tests of one workspace. */
export const ENDPOINTS = ['token', 'workspaces', 'listing', ...RESULTS_ENDPOINTS] as const;

export type ResultsEndpoint = (typeof RESULTS_ENDPOINTS)[number];
export type Endpoint = (typeof ENDPOINTS)[number];

/** What a request asks for, as its method and address say it. UUIDs are in lower case. */
export interface Call {
  readonly endpoint: Endpoint;
  readonly query: URLSearchParams;
  readonly workspaceUuid?: string;
  readonly testUuid?: string;
  readonly sessionId?: string;
}

/** Where tokens come from; the path of the tutorial. */
export const TOKEN_PATH = '/oauth2/aus1p3vtd8vtm4Bxv0h8/v1/token';

const GET_PATHS: readonly (readonly [path: RegExp, endpoint: Endpoint])[] = [
  [/^\/usertesting\/api\/v1\/workspaces$/, 'workspaces'],
  [/^\/usertesting\/api\/v1\/workspaces\/(?<workspaceUuid>[^/]+)$/, 'listing'],
  [/^\/api\/v2\/sessionResults\/?$/, 'sessionResults'],
  [/^\/api\/v2\/sessionResults\/(?<sessionId>[^/]+)\/videoDownloadUrl$/, 'videoDownloadUrl'],
  [/^\/api\/v2\/sessionResults\/(?<sessionId>[^/]+)\/transcript$/, 'transcript'],
  [/^\/api\/v2\/testResults\/(?<testUuid>[^/]+)\/qxScores$/, 'qxScores'],
];

/** Whether the endpoint is one of the four that share the limit. */
export function isResultsEndpoint(endpoint: Endpoint | 'unknown'): endpoint is ResultsEndpoint {
  return RESULTS_ENDPOINTS.some((name) => name === endpoint);
}

/** The call that a method and an address make, or undefined when the API has no such address. */
export function readCall(method: string, { pathname, searchParams: query }: URL): Call | undefined {
  if (method === 'POST') return pathname === TOKEN_PATH ? { endpoint: 'token', query } : undefined;
  if (method !== 'GET') return undefined;
  for (const [path, endpoint] of GET_PATHS) {
    const match = path.exec(pathname);
    if (!match) continue;
    const testUuid = endpoint === 'sessionResults' ? query.get('testId')?.toLowerCase() : undefined;
    const named = Object.entries(match.groups ?? {}).map(([name, text]) => [name, text.toLowerCase()]);
    return { endpoint, query, ...(testUuid !== undefined && { testUuid }), ...Object.fromEntries(named) };
  }
  return undefined;
}

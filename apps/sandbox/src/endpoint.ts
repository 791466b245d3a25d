/** The four endpoints of the Results API, which share one limit. */
const RESULTS_ENDPOINTS = ['sessionResults', 'videoDownloadUrl', 'transcript', 'qxScores'] as const;

/** Every endpoint of the API; `listing` is the tests of one workspace. */
export const ENDPOINTS = ['token', 'workspaces', 'listing', ...RESULTS_ENDPOINTS] as const;

export type ResultsEndpoint = (typeof RESULTS_ENDPOINTS)[number];
export type Endpoint = (typeof ENDPOINTS)[number];

/** Whether the endpoint is one of the four that share the limit. */
export function isResultsEndpoint(endpoint: Endpoint): endpoint is ResultsEndpoint {
  return RESULTS_ENDPOINTS.some((name) => name === endpoint);
}

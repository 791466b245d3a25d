/** What an error of a type means, for somebody who has never seen one. */
export function errorAdvice(type: string): string {
  return advice.get(type) ?? 'see the message';
}

const advice = new Map([
  ['auth_error', 'the API did not accept the access token: npm run doctor'],
  ['invalid_pagination_error', 'the API called the request invalid; this one test is odd'],
  ['rate_limited_then_failed', 'the API refused for an hour; somebody else may be using its limit'],
  ['unclassified_error', 'the API answered with a status that is neither yes nor no'],
  ['network_error', 'no answer came through, or the API had a fault of its own'],
  ['invalid_response', 'the answer was not what the API documents'],
  ['workspace_detail_http_error', 'the workspace could not be listed'],
]);

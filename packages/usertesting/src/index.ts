export {
  ApiError,
  CredentialsRefusedError,
  ForeignAnswerError,
  RejectedError,
  ThrottledError,
  TokenEndpointDownError,
  TransientError,
  UnauthorizedError,
} from './errors.ts';
export { keptOfBody } from './http/body.ts';
export { retryAfterMs } from './http/headers.ts';
export { openHttpClient } from './http/http-client.ts';
export { forEachWorkspace, listPages } from './listing/list-pages.ts';
export type { ListedTest, Workspace } from './listing/listing-answers.ts';
export { createListingClient, type ListingClient } from './listing/listing-client.ts';
export { readServerClock } from './listing/server-clock.ts';
export type { ProbeAnswer } from './results/answer.ts';
export { createResultsClient, type ResultsClient } from './results/results-client.ts';
export { createTokenRequest } from './tokens/token-endpoint.ts';
export { TokenKeeper } from './tokens/token-keeper.ts';
export { readTokenFacts, type Token } from './tokens/token-record.ts';

export {
  ApiError,
  CredentialsRefusedError,
  type ErrorType,
  ForeignAnswerError,
  RejectedError,
  ThrottledError,
  TokenEndpointDownError,
  TransientError,
  UnauthorizedError,
} from './errors.ts';
export { pauseFrom } from './headers/pause-from.ts';
export { type RateLimit, rateLimitOf } from './headers/rate-limit-of.ts';
export { readServerClock } from './http/read-server-clock.ts';
export { createListingClient, type ListingClient, type ListingClientOptions } from './listing/create-listing-client.ts';
export { forEachWorkspace, listPages } from './listing/list-pages.ts';
export type { ListedTest } from './listing/read-page.ts';
export type { Workspace } from './listing/read-workspaces.ts';
export { createResultsClient, type ResultsClient, type ResultsClientOptions } from './results/create-results-client.ts';
export type { ProbeTarget } from './results/probe-url.ts';
export type { ProbeAnswer } from './results/read-answer.ts';
export { createTokenKeeper } from './tokens/create-token-keeper.ts';
export { createTokenRequest } from './tokens/create-token-request.ts';
export { readTokenExpiry } from './tokens/read-token-expiry.ts';
export { readTokensObtained } from './tokens/read-tokens-obtained.ts';
export type { Token } from './tokens/token.ts';
export type { TokenKeeper } from './tokens/token-keeper.ts';
export type { TokenKeeperOptions } from './tokens/token-keeper-options.ts';

import { type Answer, jsonAnswer } from '../answers/answer.ts';
import type { TokenDesk } from './token-desk.ts';
import { type Client, refuseTokenRequest, type TokenRequest } from './token-request.ts';

/** Answers a token request; a granted one hands out a token that lives `lifeSeconds`. Generation 0 = refused. */
export function answerTokenRequest(
  request: TokenRequest,
  client: Client,
  tokens: TokenDesk,
  lifeSeconds: number,
): { answer: Answer; generation: number } {
  const refusal = refuseTokenRequest(request, client);
  if (refusal) {
    const { status, error, description } = refusal;
    return { answer: jsonAnswer(status, { error, error_description: description }), generation: 0 };
  }
  const { token, generation } = tokens.issue(lifeSeconds * 1000);
  const granted = { token_type: 'Bearer', expires_in: lifeSeconds, access_token: token, scope: client.scope };
  return { answer: jsonAnswer(200, granted, { 'cache-control': 'no-store', pragma: 'no-cache' }), generation };
}

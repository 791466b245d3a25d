import { randomBytes } from 'node:crypto';
import { type Answer, jsonAnswer } from './answer.ts';

/** The one client that a sandbox knows. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A request to the token endpoint as it came. */
export interface TokenRequest {
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** Hands out access tokens and knows which are still good. `generation` counts the tokens from 1; 0 = no such token. */
export interface TokenDesk {
  readonly lifeSeconds: number;
  issue(): { readonly token: string; readonly generation: number };
  check(authorization: string | undefined): { readonly valid: boolean; readonly generation: number };
  /** Makes every token handed out so far worthless. */
  revokeAll(): void;
  /** How many tokens were handed out. */
  issued(): number;
}

interface TokenRefusal {
  readonly status: 400 | 401;
  readonly error: string;
  readonly description: string;
}

const SCOPE = 'studies:read';

/** A desk whose tokens start with `sandbox-token-`, so that they can be recognised in leaks. The clock gives ms. */
export function tokenDesk(lifeSeconds: number, clock: () => number): TokenDesk {
  const expiries = new Map<string, { generation: number; expiresAt: number }>();
  let generation = 0;
  let revokedUpTo = 0;
  return {
    lifeSeconds,
    issue() {
      generation += 1;
      const token = `sandbox-token-${generation}-${randomBytes(16).toString('hex')}`;
      expiries.set(token, { generation, expiresAt: clock() + lifeSeconds * 1000 });
      return { token, generation };
    },
    check(authorization) {
      const [, token = ''] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
      const known = expiries.get(token);
      if (!known) return { valid: false, generation: 0 };
      const valid = known.generation > revokedUpTo && clock() < known.expiresAt;
      return { valid, generation: known.generation };
    },
    revokeAll() {
      revokedUpTo = generation;
    },
    issued: () => generation,
  };
}

/** Answers a token request; a granted one hands out a token. Generation 0 = refused. */
export function answerTokenRequest(
  request: TokenRequest,
  client: Client,
  tokens: TokenDesk,
): { answer: Answer; generation: number } {
  const refusal = refuseTokenRequest(request, client);
  if (refusal) {
    const { status, error, description } = refusal;
    return { answer: jsonAnswer(status, { error, error_description: description }), generation: 0 };
  }
  const { token, generation } = tokens.issue();
  const granted = { token_type: 'Bearer', expires_in: tokens.lifeSeconds, access_token: token, scope: SCOPE };
  return { answer: jsonAnswer(200, granted, { 'cache-control': 'no-store', pragma: 'no-cache' }), generation };
}

/**
 * Why a token request is refused, or undefined when it is granted: client credentials, form-encoded, with the client
 * in the form or in a Basic authorization, and the one scope there is.
 */
export function refuseTokenRequest(request: TokenRequest, client: Client): TokenRefusal | undefined {
  const form = new URLSearchParams(request.body);
  const basic = readBasic(request.authorization);
  if (!request.contentType?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    return refusal('invalid_request', "The content type must be 'application/x-www-form-urlencoded'.");
  }
  if ((form.get('client_id') ?? basic?.clientId) !== client.clientId) {
    return refusal('invalid_client', 'Invalid value for client_id parameter.');
  }
  if ((form.get('client_secret') ?? basic?.clientSecret) !== client.clientSecret) {
    return refusal('invalid_client', 'The client secret supplied for a confidential client is invalid.');
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return refusal('unsupported_grant_type', 'The authorization grant type is not supported.');
  }
  if (form.get('scope') !== SCOPE) {
    return refusal('invalid_scope', 'One or more scopes are not configured for the authorization server resource.');
  }
  return undefined;
}

function refusal(error: string, description: string): TokenRefusal {
  return { status: error === 'invalid_client' ? 401 : 400, error, description };
}

function readBasic(authorization: string | undefined): Client | undefined {
  const [, encoded] = /^Basic (\S+)$/i.exec(authorization ?? '') ?? [];
  if (!encoded) return undefined;
  const [clientId = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { clientId, clientSecret: secret.join(':') };
}

import { randomBytes } from 'node:crypto';
import { type Answer, jsonAnswer } from './answer.ts';

/** The only client that the sandbox accepts. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What decides about a request, as it came; the body is read for the token endpoint only. */
export interface RequestParts {
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

interface TokenRefusal {
  readonly status: 400 | 401;
  readonly error: string;
  readonly description: string;
}

const SCOPE = 'studies:read';

/** Issues access tokens and knows which are still valid. */
export type TokenIssuer = ReturnType<typeof tokenIssuer>;

/**
 * Tokens start with `sandbox-token-`, so that leaks can be recognised. The clock gives ms.
 */
export function tokenIssuer(lifeSeconds: number, clock: () => number) {
  /** When each token expires; a revoked one is taken out. */
  const expiries = new Map<string, number>();
  let issued = 0;
  return {
    lifeSeconds,
    issue() {
      issued += 1;
      const token = `sandbox-token-${issued}-${randomBytes(16).toString('hex')}`;
      expiries.set(token, clock() + lifeSeconds * 1000);
      return token;
    },
    /** Whether a request comes with a token that is valid. */
    check(authorization: string | undefined): boolean {
      const [, token = ''] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
      return clock() < (expiries.get(token) ?? 0);
    },
    /** Invalidates every token issued so far. */
    revokeAll: () => expiries.clear(),
    /** Number of tokens issued. */
    issued: () => issued,
  };
}

export function answerTokenRequest(
  request: Omit<RequestParts, 'authorization'>,
  client: Client,
  tokens: TokenIssuer,
): Answer {
  const refusal = refuseTokenRequest(request, client);
  if (refusal) {
    const { status, error, description } = refusal;
    return jsonAnswer(status, { error, error_description: description });
  }
  const token = { token_type: 'Bearer', expires_in: tokens.lifeSeconds, access_token: tokens.issue(), scope: SCOPE };
  return jsonAnswer(200, token, { 'cache-control': 'no-store', pragma: 'no-cache' });
}

/**
 * Why a token request is refused, or undefined when it is granted: client credentials, form-encoded, with the client
 * in the form, and the one scope there is.
 */
export function refuseTokenRequest(
  request: Omit<RequestParts, 'authorization'>,
  client: Client,
): TokenRefusal | undefined {
  const form = new URLSearchParams(request.body);
  if (!request.contentType?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    return refusal('invalid_request', "The content type must be 'application/x-www-form-urlencoded'.");
  }
  if (form.get('client_id') !== client.clientId) {
    return refusal('invalid_client', 'Invalid value for client_id parameter.');
  }
  if (form.get('client_secret') !== client.clientSecret) {
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

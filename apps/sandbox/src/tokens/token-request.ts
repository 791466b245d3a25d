/** The one client that a sandbox knows. */
export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
}

/** A request to the token endpoint as it came. */
export interface TokenRequest {
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** An OAuth error with the status it is answered with. */
export interface TokenRefusal {
  readonly status: 400 | 401;
  readonly error: string;
  readonly description: string;
}

/**
 * Why a token request is refused, or undefined when it is granted: client credentials, form-encoded, with the client
 * in the form or in a Basic authorization, and the one scope there is.
 */
export function refuseTokenRequest(request: TokenRequest, client: Client): TokenRefusal | undefined {
  if (!request.contentType?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    return {
      status: 400,
      error: 'invalid_request',
      description: "The content type must be 'application/x-www-form-urlencoded'.",
    };
  }
  const form = new URLSearchParams(request.body);
  const basic = readBasic(request.authorization);
  const clientId = form.get('client_id') ?? basic?.clientId;
  const clientSecret = form.get('client_secret') ?? basic?.clientSecret;
  if (clientId !== client.clientId) {
    return { status: 401, error: 'invalid_client', description: 'Invalid value for client_id parameter.' };
  }
  if (clientSecret !== client.clientSecret) {
    const description = 'The client secret supplied for a confidential client is invalid.';
    return { status: 401, error: 'invalid_client', description };
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return {
      status: 400,
      error: 'unsupported_grant_type',
      description: 'The authorization grant type is not supported.',
    };
  }
  if (form.get('scope') !== client.scope) {
    const description = 'One or more scopes are not configured for the authorization server resource.';
    return { status: 400, error: 'invalid_scope', description };
  }
  return undefined;
}

function readBasic(authorization: string | undefined): { clientId: string; clientSecret: string } | undefined {
  const [, encoded] = /^Basic (\S+)$/i.exec(authorization ?? '') ?? [];
  if (!encoded) return undefined;
  const [clientId = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { clientId, clientSecret: secret.join(':') };
}

import { z } from 'zod';
import { parseJson } from '../http/parse-json.ts';

/** Source: RFC 6749, 5.2 and 4.1.2.1, without those that mean "not now". */
const oauthWords = [
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type'],
  ...['invalid_scope', 'access_denied'],
];
const word = z
  .string()
  .regex(/^[\w.-]{1,60}$/)
  .optional()
  .catch(undefined);
const answer = z.object({ error: word, errorCode: word });

/**
 * Why the token endpoint refuses the credentials, in its own word such as `invalid_client` or Okta's `E0000011`; null when
 * it does not refuse them. Only an error of OAuth or Okta in JSON does: 400, 401 and 403 without one are a firewall's.
 */
export function refusalIn(status: number, text: string): string | null {
  // "Not now", whatever its body says.
  if ([408, 425, 429].includes(status)) return null;
  const { error, errorCode } = answer.safeParse(parseJson(text)).data ?? {};
  const named = [error, errorCode].find((name) => name !== undefined && oauthWords.includes(name));
  if (named !== undefined) return named;
  return [400, 401, 403].includes(status) ? (errorCode ?? null) : null;
}

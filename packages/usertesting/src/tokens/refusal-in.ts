import { z } from 'zod';
import { parseJson } from '../http/parse-json.ts';

const names = ['invalid_client', 'unauthorized_client', 'invalid_scope', 'invalid_grant'];
const word = z
  .string()
  .regex(/^[\w.-]{1,60}$/)
  .optional()
  .catch(undefined);
const answer = z.object({ error: word, errorCode: word });

/**
 * Why the token endpoint refuses the credentials, in its own word such as `invalid_client` or Okta's `E0000011`
 * (`refused` when it gives none); null when it doesn't refuse them. Source: RFC 6749, 5.2; Okta's two error forms.
 */
export function refusalIn(status: number, text: string): string | null {
  const said = answer.safeParse(parseJson(text)).data;
  const name = said?.error ?? said?.errorCode ?? 'refused';
  return names.includes(name) || [400, 401, 403].includes(status) ? name : null;
}

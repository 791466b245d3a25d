import type { MiddlewareHandler } from 'hono';
import { basicAuth } from 'hono/basic-auth';

/** Basic authentication; user and password are compared in constant time, by their digests. */
export function password(username: string, secret: string): MiddlewareHandler {
  return basicAuth({ username, password: secret, realm: 'UserTesting inventory' });
}

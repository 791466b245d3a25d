import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { jsonAnswer } from '../answers/answer.ts';
import { deliverAnswer } from '../server/deliver-answer.ts';
import type { SandboxState } from '../server/sandbox-state.ts';
import { ADMIN_ROUTES } from './admin-routes.ts';
import { streamLibrary } from './stream-library.ts';

/**
 * Answers a request to the admin API: 404 for an unknown address, 400 with `error` for a body of the wrong form and
 * for a change that the library refuses.
 */
export async function answerAdmin(
  state: SandboxState,
  method: string,
  url: URL,
  body: string,
  response: ServerResponse,
): Promise<void> {
  if (method === 'GET' && url.pathname === '/sandbox/library') return streamLibrary(state.library, response);
  for (const route of ADMIN_ROUTES) {
    const match = route.method === method ? route.path.exec(url.pathname) : null;
    if (!match) continue;
    try {
      const value = route.handle(state, { body: readJson(body), query: url.searchParams, id: match[1] ?? '' });
      deliverAnswer(response, jsonAnswer(value === undefined ? 404 : 200, value ?? { error: 'not found' }), 'whole');
    } catch (error) {
      deliverAnswer(response, jsonAnswer(400, { error: explain(error) }), 'whole');
    }
    return;
  }
  const error = `no such address; there are ${ADMIN_ROUTES.map((route) => `${route.method} ${route.example}`).join(', ')}`;
  deliverAnswer(response, jsonAnswer(404, { error }), 'whole');
}

function readJson(body: string): unknown {
  return body === '' ? {} : JSON.parse(body);
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

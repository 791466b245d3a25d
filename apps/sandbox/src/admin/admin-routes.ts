import { z } from 'zod';
import { faultSchema } from '../faults/fault.ts';
import { requestStatistics } from '../requests/request-statistics.ts';
import type { SandboxState } from '../server/sandbox-state.ts';
import * as schemas from './admin-schemas.ts';
import { librarySummary } from './library-summary.ts';
import { selectRequests } from './select-requests.ts';

interface AdminCall {
  readonly body: unknown;
  readonly query: URLSearchParams;
  /** What the path names: a UUID or the id of a fault. */
  readonly id: string;
}

interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: RegExp;
  readonly example: string;
  /** Gives the JSON to answer; undefined = 404. Throws for a body of the wrong form and for a refused change. */
  readonly handle: (state: SandboxState, call: AdminCall) => unknown;
}

const faultsSchema = z.union([z.array(faultSchema), faultSchema]);
const testsSchema = z.union([z.array(schemas.testDataSchema), schemas.testDataSchema]);
const OK = { ok: true };
const done = (_: unknown) => OK;

/** Everything that the admin API can do, beside GET /sandbox/library, which is sent in pieces. */
export const ADMIN_ROUTES: readonly AdminRoute[] = [
  route('GET', '/sandbox/health', () => OK),
  route('GET', '/sandbox/requests', ({ log }, { query }) => selectRequests(log.all(), query)),
  route('DELETE', '/sandbox/requests', ({ log }) => done(log.reset())),
  route('GET', '/sandbox/statistics', ({ log, tokens }) => ({
    ...requestStatistics(log.all()),
    tokensIssued: tokens.issued(),
  })),
  route('GET', '/sandbox/library/summary', ({ library }) => librarySummary(library)),
  route('POST', '/sandbox/workspaces', ({ library }, { body }) =>
    library.addWorkspace(schemas.workspaceDataSchema.parse(body)),
  ),
  route('POST', '/sandbox/tests', ({ library }, { body }) =>
    [testsSchema.parse(body)].flat().map(({ place, ...data }) => library.addTest(data, place)),
  ),
  route('PATCH', '/sandbox/tests/ID', ({ library }, { body, id }) =>
    library.test(id) ? library.changeTest(id, schemas.testChangeSchema.parse(body)) : undefined,
  ),
  route('DELETE', '/sandbox/tests/ID', ({ library }, { id }) => (library.removeTest(id) ? OK : undefined)),
  route('GET', '/sandbox/faults', ({ faults }) => faults.list()),
  route('POST', '/sandbox/faults', ({ faults }, { body }) => ({
    ids: [faultsSchema.parse(body)].flat().map((fault) => faults.add(fault)),
  })),
  route('DELETE', '/sandbox/faults', ({ faults }) => done(faults.clear())),
  route('DELETE', '/sandbox/faults/ID', ({ faults }, { id }) => (faults.remove(id) ? OK : undefined)),
  route('POST', '/sandbox/tokens/revoke', ({ tokens }) => done(tokens.revokeAll())),
  route('PUT', '/sandbox/tokens/life', (state, { body }) => {
    state.tokenLifeSeconds = schemas.tokenLifeSchema.parse(body).seconds;
    return OK;
  }),
  route('GET', '/sandbox/limiter', ({ limiter }) => ({ ...limiter.settings(), ...limiter.standing() })),
  route('PUT', '/sandbox/limiter', ({ limiter }, { body }) => {
    limiter.configure(schemas.limiterChangeSchema.parse(body));
    return limiter.settings();
  }),
  route('POST', '/sandbox/limiter/take', ({ limiter }, { body }) => {
    limiter.take(schemas.takeSchema.parse(body).count);
    return limiter.standing();
  }),
  route('PUT', '/sandbox/clock', (state, { body }) => {
    state.clockSkewMs = schemas.clockSchema.parse(body).skewMs;
    return OK;
  }),
  route('PUT', '/sandbox/latency', (state, { body }) => {
    state.latency = schemas.latencySchema.parse(body).latency;
    return OK;
  }),
];

function route(method: AdminRoute['method'], example: string, handle: AdminRoute['handle']): AdminRoute {
  return { method, example, path: new RegExp(`^${example.replace('ID', '([^/]+)')}$`), handle };
}

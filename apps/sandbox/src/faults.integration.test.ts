import { request } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fault } from './faults.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
let token: string;
let path: string;
let sessionPath: string;

beforeEach(async () => {
  sandbox = await startSandbox({
    limit: 100,
    library: { workspaces: [{ name: 'W' }], tests: [{ kind: 'interaction (all)' }] },
  });
  const [test] = sandbox.library.tests();
  path = `/api/v2/sessionResults?testId=${test?.uuid}`;
  sessionPath = `/api/v2/sessionResults/${sandbox.library.sessionIds(test?.uuid ?? '')[0]}/transcript`;
  token = ((await (await askToken()).json()) as { access_token: string }).access_token;
  sandbox.resetRequests();
});

afterEach(() => sandbox.close());

function askToken(): Promise<Response> {
  const form = { grant_type: 'client_credentials', client_id: sandbox.clientId, client_secret: sandbox.clientSecret };
  return fetch(sandbox.tokenUrl, { method: 'POST', body: new URLSearchParams({ ...form, scope: 'studies:read' }) });
}

interface Seen {
  status?: number;
  headers?: Record<string, unknown>;
  body: string;
  /** The code of the error that ended it; `aborted` bodies have ECONNRESET too. */
  error?: string;
}

/** One request on a connection of its own, told as it went. */
function get(target: string, timeoutMs = 5000): Promise<Seen> {
  return new Promise((resolve) => {
    const seen: Seen = { body: '' };
    const failed = (error: Error & { code?: string }) => resolve({ ...seen, error: error.code ?? error.message });
    const sent = request(`${sandbox.url}${target}`, { agent: false, headers: { authorization: `Bearer ${token}` } });
    sent.setTimeout(timeoutMs, () => sent.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
    sent.on('error', failed);
    sent.on('response', (response) => {
      seen.status = response.statusCode ?? 0;
      seen.headers = response.headers;
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        seen.body += text;
      });
      response.on('error', failed);
      response.on('end', () => resolve(seen));
    });
    sent.end();
  });
}

const outcomes = () => sandbox.requests().map(({ status, faultId }) => [status, faultId]);
const once = (fault: Fault): Fault => ({ ...fault, count: 1 });

it('answers with any status, body and headers, then as usual again', async () => {
  sandbox.faults.add(once({ kind: 'status', status: 503, body: 'down', headers: { 'Retry-After': '7' } }));
  const seen = await get(path);
  expect(seen).toMatchObject({
    status: 503,
    body: 'down',
    headers: { 'retry-after': '7', 'content-type': 'text/plain' },
  });
  expect((await get(path)).status).toBe(200);
  expect(outcomes()).toEqual([
    [503, 'fault-1'],
    [200, null],
  ]);
});

it('answers as a gateway, a firewall or a portal would in place of the API', async () => {
  const html = { 'content-type': 'text/html' };
  sandbox.faults.add(once({ kind: 'status', status: 404, body: '<html>Not found</html>', headers: html }));
  sandbox.faults.add(once({ kind: 'status', status: 404, body: '' }));
  sandbox.faults.add(once({ kind: 'status', status: 404, body: { message: 'no Route matched with those values' } }));
  sandbox.faults.add(once({ kind: 'status', status: 200, body: '<html>Welcome</html>', headers: html }));
  const seen = [await get(path), await get(path), await get(path), await get(path)];
  expect(seen.map(({ status, headers, body }) => [status, headers?.['content-type'], body])).toEqual([
    [404, 'text/html', '<html>Not found</html>'],
    [404, 'text/plain', ''],
    [404, 'application/json; charset=utf-8', '{"message":"no Route matched with those values"}'],
    [200, 'text/html', '<html>Welcome</html>'],
  ]);
});

it('withholds media, in the error format of the API, until the fault is gone', async () => {
  const id = sandbox.faults.add({
    kind: 'status',
    status: 404,
    endpoint: ['videoDownloadUrl', 'qxScores', 'transcript'],
  });
  const early = await get(sessionPath);
  sandbox.faults.remove(id);
  expect([early.status, JSON.parse(early.body).code, (await get(sessionPath)).status]).toEqual([404, 'NOT_FOUND', 200]);
});

it('uses the error format of the API for a status without a body', async () => {
  sandbox.faults.add({ kind: 'status', status: 500 });
  const results = await get(path);
  const version1 = await get('/usertesting/api/v1/workspaces');
  expect(JSON.parse(results.body)).toEqual({ code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error' });
  expect(JSON.parse(version1.body)).toMatchObject({ errorCode: 'INTERNAL_SERVER_ERROR' });
  expect(results.headers?.['x-ratelimit-limit']).toBe('100');
});

it('resets the connection before any answer', async () => {
  sandbox.faults.add({ kind: 'reset' });
  expect(await get(path)).toEqual({ body: '', error: 'ECONNRESET' });
  expect(outcomes()).toEqual([['reset', 'fault-1']]);
});

it('resets or ends the connection in the middle of the body', async () => {
  for (const kind of ['reset-in-body', 'cut-body'] as const) {
    sandbox.faults.add(once({ kind }));
    const seen = await get(path);
    expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET' });
    expect(seen.body.length).toBeGreaterThan(10);
    expect(() => JSON.parse(seen.body)).toThrow();
  }
  expect(outcomes().map(([status]) => status)).toEqual(['reset-in-body', 'cut-body']);
});

it('hangs until the client goes away, and can be closed while requests hang', async () => {
  sandbox.faults.add({ kind: 'hang' });
  expect((await get(path, 60)).error).toBe('TIMEOUT');
  expect(outcomes()).toEqual([['hang', 'fault-1']]);
  const hanging = get(path);
  await expect.poll(() => sandbox.requests().length).toBe(2);
  await sandbox.close();
  expect((await hanging).error).toBe('ECONNRESET');
});

it('answers 200 with something that is no JSON, or JSON of another shape', async () => {
  sandbox.faults.add(once({ kind: 'not-json' }));
  sandbox.faults.add(once({ kind: 'wrong-shape' }));
  sandbox.faults.add(once({ kind: 'wrong-shape', body: null }));
  const seen = [await get(path), await get(path), await get(path)];
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(seen[0]?.body).toContain('<html>');
  expect(seen.slice(1).map(({ body }) => body)).toEqual(['{"unexpected":[1,2,3]}', 'null']);
});

it('redirects to a page that answers 200', async () => {
  sandbox.faults.add(once({ kind: 'redirect' }));
  const response = await fetch(`${sandbox.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  expect([response.redirected, response.status, await response.text()]).toEqual([
    true,
    200,
    expect.stringContaining('Sign in'),
  ]);
});

it('answers 429 for a throttle fault and takes no place in the window for it', async () => {
  sandbox.faults.add(once({ kind: 'throttle', forMs: 30_000 }));
  sandbox.faults.add(once({ kind: 'throttle', retryAfter: null }));
  sandbox.faults.add(once({ kind: 'throttle', retryAfter: 'later' }));
  const [first, second, third, fourth] = [await get(path), await get(path), await get(path), await get(path)];
  expect(first).toMatchObject({ status: 429, headers: { 'retry-after': '30', 'x-ratelimit-remaining': '0' } });
  expect(second?.headers).not.toHaveProperty('retry-after');
  expect(third?.headers).toMatchObject({ 'retry-after': 'later' });
  expect(fourth).toMatchObject({ status: 200, headers: { 'x-ratelimit-remaining': '99' } });
});

it('delays an answer and changes nothing else about it', async () => {
  sandbox.faults.add({ kind: 'delay', ms: 30 });
  expect(await get(path)).toMatchObject({ status: 200 });
  const [entry] = sandbox.requests();
  expect((entry?.endedAt ?? 0) - (entry?.at ?? 0)).toBeGreaterThan(25);
});

it('affects the requests about sessions of the test that a fault names', async () => {
  const [test] = sandbox.library.tests();
  sandbox.faults.add({ kind: 'status', status: 500, ...(test && { testUuid: test.uuid }), endpoint: 'transcript' });
  expect([(await get(path)).status, (await get(sessionPath)).status]).toEqual([200, 500]);
  expect(sandbox.requests().map(({ testUuid }) => testUuid)).toEqual([test?.uuid, test?.uuid]);
});

it('issues no token when the token endpoint fails', async () => {
  sandbox.faults.add({ kind: 'status', status: 503, endpoint: 'token' });
  const answer = await askToken();
  expect([answer.status, await answer.json()]).toEqual([
    503,
    { error: 'server_error', error_description: 'Service unavailable' },
  ]);
  expect(sandbox.tokensIssued()).toBe(1);
});

it('logs a client that goes away before its answer', async () => {
  sandbox.setLatency(5000);
  expect((await get(path, 40)).error).toBe('TIMEOUT');
  await expect.poll(outcomes).toEqual([['client-closed', null]]);
});

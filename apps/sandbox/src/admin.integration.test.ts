import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LibraryEntry } from './library/expected.ts';
import type { LoggedRequest } from './request-log.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ limit: 5, library: { tests: 2500, workspaces: 3, sharedTests: 4 } });
});

afterEach(() => sandbox.close());

async function admin<Json = unknown>(method: string, path: string, body?: unknown) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${sandbox.url}/sandbox/${path}`, init);
  return { status: answer.status, json: (await answer.json()) as Json };
}

it('shows every test with its workspace and the expected verdict', async () => {
  const entries = (await admin<LibraryEntry[]>('GET', 'library')).json;
  const order = sandbox.library.workspaces().map(({ uuid }) => uuid);
  expect(entries).toHaveLength(2500);
  expect(entries.filter(({ workspaces }) => workspaces.length === 2)).toHaveLength(4);
  for (const { workspaces, workspaceUuid, kind, byProbes } of entries) {
    expect(order.indexOf(workspaceUuid)).toBe(Math.max(...workspaces.map((uuid) => order.indexOf(uuid))));
    expect(byProbes.platform).toBe(kind === 'classic' ? 'ClassicUT' : 'UTZ');
  }
});

it('shows an empty library as an empty array', async () => {
  await sandbox.close();
  sandbox = await startSandbox({ library: { tests: 0 } });
  expect((await admin('GET', 'library')).json).toEqual([]);
});

it('switches faults on and off', async () => {
  const { ids } = (
    await admin<{ ids: string[] }>('POST', 'faults', [
      { kind: 'reset', endpoint: 'token' },
      { kind: 'hang', count: 2 },
    ])
  ).json;
  expect(sandbox.faults.list().map(({ id }) => id)).toEqual(ids);
  await admin('DELETE', 'faults');
  expect(sandbox.faults.list()).toEqual([]);
});

it('says what is wrong with an invalid body', async () => {
  const answers = [
    await admin<{ error: string }>('POST', 'faults', { kind: 'explode' }),
    await admin<{ error: string }>('PUT', 'latency', { latency: -1 }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 400]);
  expect(answers[1]?.json.error).toContain('at latency');
});

it('shows the request log, which holds no admin requests', async () => {
  await fetch(`${sandbox.url}/usertesting/api/v1/workspaces`);
  await fetch(`${sandbox.url}/api/v2/testResults/nothing/qxScores`);
  await fetch(`${sandbox.url}/somewhere`);
  const { json: requests } = await admin<LoggedRequest[]>('GET', 'requests');
  expect(requests).toMatchObject([
    { number: 1, endpoint: 'workspaces', status: 401, method: 'GET' },
    { number: 2, endpoint: 'qxScores', status: 401, testUuid: 'nothing' },
    { number: 3, endpoint: 'unknown', status: 404, path: '/somewhere' },
  ]);
  expect((await admin('GET', 'requests?endpoint=results')).json).toEqual([requests[1]]);
});

it('sets the latency of all endpoints or of one', async () => {
  expect((await admin('PUT', 'latency', { latency: 5 })).status).toBe(200);
  expect((await admin('PUT', 'latency', { latency: { token: 5, listing: [1, 2] } })).status).toBe(200);
});

it('takes no revoked token any more', async () => {
  const { clientId: client_id, clientSecret: client_secret } = sandbox;
  const form = { grant_type: 'client_credentials', client_id, client_secret, scope: 'studies:read' };
  const granted = await fetch(sandbox.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token } = (await granted.json()) as { access_token: string };
  const ask = async () => {
    const headers = { authorization: `Bearer ${access_token}` };
    return (await fetch(`${sandbox.url}/usertesting/api/v1/workspaces`, { headers })).status;
  };
  expect(await ask()).toBe(200);
  sandbox.revokeTokens();
  expect(await ask()).toBe(401);
});

it('lists its routes when asked for an unknown one', async () => {
  const { status, json } = await admin<{ error: string }>('GET', 'nothing');
  expect(status).toBe(404);
  expect(json.error).toContain('POST /sandbox/faults');
});

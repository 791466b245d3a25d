import { afterEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from './sandbox.ts';
import type { SandboxOptions } from './state.ts';

const open: Sandbox[] = [];

afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

async function start(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ limit: 0, ...options });
  open.push(sandbox);
  const { access_token: token } = (await (await askToken(sandbox)).json()) as { access_token: string };
  const get = (path: string, authorization = `Bearer ${token}`) =>
    fetch(`${sandbox.url}${path}`, { headers: { authorization } });
  return { sandbox, token, get };
}

function askToken(sandbox: Sandbox, change: Record<string, string> = {}): Promise<Response> {
  const form = {
    grant_type: 'client_credentials',
    client_id: sandbox.clientId,
    client_secret: sandbox.clientSecret,
    scope: 'studies:read',
    ...change,
  };
  return fetch(sandbox.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
}

async function listAll(get: (path: string) => Promise<Response>, workspace: string): Promise<string[]> {
  const uuids: string[] = [];
  for (let after = ''; ; ) {
    const query = after === '' ? '' : `?after=${after}`;
    const { studies } = (await (await get(`/usertesting/api/v1/workspaces/${workspace}${query}`)).json()) as {
      studies: { uuid: string; cursor: string }[];
    };
    const last = studies.at(-1);
    if (!last) return uuids;
    uuids.push(...studies.map(({ uuid }) => uuid));
    after = last.cursor;
  }
}

describe('the token endpoint', () => {
  it('issues a bearer token that can be recognised in leaks, with its lifetime in seconds', async () => {
    const { sandbox } = await start({ tokenLifeSeconds: 90 });
    const answer = await (await askToken(sandbox)).json();
    expect(answer).toEqual({
      token_type: 'Bearer',
      expires_in: 90,
      access_token: expect.stringMatching(/^sandbox-token-/),
      scope: 'studies:read',
    });
  });

  it('answers a wrong client with 401 invalid_client, and a wrong scope or grant with 400', async () => {
    const { sandbox } = await start();
    const answers = await Promise.all(
      [{ client_secret: 'no' }, { scope: 'all' }, { grant_type: 'password' }].map((change) =>
        askToken(sandbox, change),
      ),
    );
    const seen = await Promise.all(
      answers.map(async (answer) => [answer.status, ((await answer.json()) as { error: string }).error]),
    );
    expect(seen).toEqual([
      [401, 'invalid_client'],
      [400, 'invalid_scope'],
      [400, 'unsupported_grant_type'],
    ]);
  });

  it('issues tokens that stop working when they are revoked, and new ones that work', async () => {
    const { sandbox, get } = await start();
    expect((await get('/usertesting/api/v1/workspaces')).status).toBe(200);
    sandbox.revokeTokens();
    expect((await get('/usertesting/api/v1/workspaces')).status).toBe(401);
    const { access_token: fresh } = (await (await askToken(sandbox)).json()) as { access_token: string };
    expect((await get('/usertesting/api/v1/workspaces', `Bearer ${fresh}`)).status).toBe(200);
    expect(sandbox.requests().map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ['token', 200],
      ['workspaces', 200],
      ['workspaces', 401],
      ['token', 200],
      ['workspaces', 200],
    ]);
  });
});

describe('discovery', () => {
  it('answers 401 without a token on every endpoint', async () => {
    const { get } = await start();
    const paths = [
      '/usertesting/api/v1/workspaces',
      '/api/v2/sessionResults?testId=x',
      '/api/v2/testResults/x/qxScores',
    ];
    for (const path of paths) expect((await get(path, '')).status).toBe(401);
  });

  it('lists workspaces as a bare array and every test of the library exactly once, 50 per page', async () => {
    const { sandbox, get } = await start({ library: { tests: 333, workspaces: 3 } });
    const workspaces = (await (await get('/usertesting/api/v1/workspaces')).json()) as { uuid: string }[];
    const listed: string[] = [];
    for (const { uuid } of workspaces) listed.push(...(await listAll(get, uuid)));
    expect(listed.toSorted()).toEqual([...sandbox.library.tests()].map(({ uuid }) => uuid).toSorted());
  });

  it('shows type and productType only when asked for', async () => {
    for (const metadata of [false, true]) {
      const { sandbox, get } = await start({ metadata, listing: 'array' });
      const [workspace] = sandbox.library.workspaces();
      const [study] = (await (await get(`/usertesting/api/v1/workspaces/${workspace?.uuid}`)).json()) as object[];
      expect(Object.hasOwn(study ?? {}, 'productType')).toBe(metadata);
    }
  });

  it('answers a workspace that is no UUID with 400 and an unknown one with 404, in the error format of version 1', async () => {
    const { get } = await start();
    const bad = await get('/usertesting/api/v1/workspaces/nothing');
    const unknown = await get('/usertesting/api/v1/workspaces/32348d72-7473-4ce1-b17d-4a4c2202bd61');
    expect([bad.status, await bad.json()]).toEqual([
      400,
      { errorCode: 'BAD_REQUEST', errorMessage: 'Not a valid UUID' },
    ]);
    expect([unknown.status, ((await unknown.json()) as { errorCode: string }).errorCode]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('the Results API', () => {
  it('answers each kind of test as the tutorial describes it', async () => {
    const kinds = [
      'classic',
      'no-sessions',
      'interaction (video)',
      'interaction (qx)',
      'think-out-loud',
      'survey',
    ] as const;
    const { sandbox, get } = await start({
      library: { workspaces: [{ name: 'W' }], tests: kinds.map((kind) => ({ kind })) },
    });
    const seen: Record<string, (number | undefined)[]> = {};
    for (const { uuid, kind } of sandbox.library.tests()) {
      const results = await get(`/api/v2/sessionResults/?testId=${uuid}&offset=0&limit=10`);
      const [session] = results.ok ? ((await results.json()) as { sessions: { sessionId: string }[] }).sessions : [];
      const perSession = `/api/v2/sessionResults/${session?.sessionId}`;
      const probes = session
        ? [`${perSession}/videoDownloadUrl`, `/api/v2/testResults/${uuid}/qxScores`, `${perSession}/transcript`]
        : [];
      seen[kind] = [results.status, ...(await Promise.all(probes.map(async (path) => (await get(path)).status)))];
    }
    expect(seen).toEqual({
      classic: [404],
      'no-sessions': [200],
      'interaction (video)': [200, 200, 404, 404],
      'interaction (qx)': [200, 404, 200, 404],
      'think-out-loud': [200, 404, 404, 200],
      survey: [200, 404, 404, 404],
    });
  });

  it('shows sessions that ended long ago, also when the test was ordered today, unless the test says otherwise', async () => {
    const dayMs = 86_400_000;
    const orderedAt = new Date().toISOString();
    const finishTimes = [undefined, orderedAt, null, 'missing'];
    for (const sessions of ['tutorial', 'reference'] as const) {
      const { sandbox, get } = await start({
        sessions,
        library: {
          workspaces: [{ name: 'W' }],
          tests: finishTimes.map((finishTime) => ({ kind: 'survey', orderedAt, sessions: 25, finishTime })),
        },
      });
      const seen: unknown[] = [];
      for (const { uuid } of sandbox.library.tests()) {
        const answer = await (await get(`/api/v2/sessionResults?testId=${uuid}&limit=10`)).json();
        seen.push((answer as { sessions: { finishTime?: string }[] }).sessions[0]?.finishTime);
      }
      expect(Date.parse(String(seen[0]))).toBeLessThan(Date.now() - 6 * dayMs);
      expect(seen.slice(1)).toEqual([orderedAt, null, undefined]);
    }
  });

  it('answers 400 for an offset or a limit out of range and for a testId that is no UUID', async () => {
    const { sandbox, get } = await start();
    const [test] = sandbox.library.tests();
    const queries = ['limit=0', 'limit=501', 'offset=-1', 'offset=10001', 'limit=x', 'testId=nothing'];
    for (const query of queries) {
      const answer = await get(`/api/v2/sessionResults?${query}&testId=${test?.uuid}`);
      expect([query, answer.status]).toEqual([query, 400]);
    }
  });

  it('puts recognisable marks into participant data', async () => {
    const { sandbox, get } = await start({
      library: { workspaces: [{ name: 'W' }], tests: [{ kind: 'interaction (all)' }] },
    });
    const [test] = sandbox.library.tests();
    const [id] = sandbox.library.sessionIds(test?.uuid ?? '');
    const text = async (path: string) => (await get(path)).text();
    expect(await text(`/api/v2/sessionResults/${id}/transcript`)).toContain(`transcript-marker-${id}`);
    expect(await text(`/api/v2/sessionResults/${id}/videoDownloadUrl`)).toContain(`video-marker-${id}`);
    expect(await text(`/api/v2/testResults/${test?.uuid}/qxScores`)).toContain(`qx-marker-${test?.uuid}`);
  });

  it('shares one limit over its four endpoints and answers 429 beyond it', async () => {
    const { sandbox, get } = await start({ limit: 3, windowMs: 60_000 });
    const id = '32348d72-7473-4ce1-b17d-4a4c2202bd61';
    const paths = [
      `/api/v2/sessionResults?testId=${id}`,
      `/api/v2/sessionResults/${id}/videoDownloadUrl`,
      `/api/v2/testResults/${id}/qxScores`,
      `/api/v2/sessionResults/${id}/transcript`,
    ];
    const answers: Response[] = [];
    for (const path of paths) answers.push(await get(path));
    const remaining = answers.map(({ headers }) => headers.get('x-ratelimit-remaining'));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 429]);
    expect(remaining).toEqual(['2', '1', '0', '0']);
    expect(answers[3]?.headers.get('retry-after')).toMatch(/^(59|60)$/);
    expect(sandbox.statistics().results).toMatchObject({ count: 4, throttled: 1 });
    expect((await get('/usertesting/api/v1/workspaces')).status).toBe(200);
  });

  it('shows a shifted clock when asked to, also in Retry-After', async () => {
    const clockSkewMs = -600_000;
    const { get } = await start({ limit: 1, windowMs: 30_000, retryAfter: 'http-date', clockSkewMs });
    const ask = () => get('/api/v2/sessionResults?testId=32348d72-7473-4ce1-b17d-4a4c2202bd61');
    await ask();
    const { headers } = await ask();
    const times = [Date.parse(headers.get('date') ?? ''), Date.parse(headers.get('retry-after') ?? '') - 30_000];
    for (const time of times) expect(Math.abs(time - (Date.now() + clockSkewMs))).toBeLessThan(5000);
  });
});

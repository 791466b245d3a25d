import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { RejectedError, ThrottledError, TransientError, UnauthorizedError } from '../errors.ts';
import { answeringServer, type Seen } from '../http/answering-server.test.ts';
import { tokenBench } from '../tokens/token-bench.test.ts';
import { createListingClient, type ListingClientOptions } from './listing-client.ts';

type Answer = (response: ServerResponse, request: Seen, nth: number) => void;

/** A server with these answers, and a client for it with a token endpoint of its own. */
async function listing(answer: Answer, options: Partial<ListingClientOptions> = {}) {
  const bench = await tokenBench();
  const server = await answeringServer(answer);
  const client = createListingClient({
    baseUrl: server.url,
    requestTimeoutMs: 5_000,
    tokens: bench.keeper(),
    logger: bench.logger,
    firstDelayMs: 10,
    ...options,
  });
  return {
    client,
    server,
    bench,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}

const json = (response: ServerResponse, body: unknown) => void response.end(JSON.stringify(body));
const failing = (failures: number, fail: (response: ServerResponse) => void, body: unknown): Answer => {
  return (response, _request, nth) => (nth < failures ? fail(response) : json(response, body));
};

describe('listing', () => {
  it('workspaces come from the documented address with the shared token', async () => {
    await using run = await listing((response) => json(response, [{ uuid: 'w1', name: 'One' }]));
    expect(await run.client.workspaces()).toEqual([{ uuid: 'w1', name: 'One' }]);
    expect(run.server.seen[0]).toMatchObject({
      method: 'GET',
      url: '/usertesting/api/v1/workspaces',
      headers: { authorization: 'Bearer fresh-1' },
    });
  });

  it('an interruption does not wait for a token', async () => {
    const stopped = new AbortController();
    const never = () => new Promise<never>(() => undefined);
    const tokens = { current: never, renew: never, accepted: never };
    await using run = await listing((response) => json(response, []), { tokens, signal: stopped.signal });
    const workspaces = run.client.workspaces();
    stopped.abort();
    await expect(workspaces).rejects.toBe(stopped.signal.reason);
  });

  it('pages are asked for by cursor, encoded', async () => {
    await using run = await listing((response) => json(response, { studies: [{ uuid: 't1', cursor: 'MQ==' }] }));
    const first = await run.client.page('w/1', null);
    expect(first).toEqual({ tests: [{ uuid: 't1' }], next: 'MQ==' });
    await run.client.page('w/1', first.next);
    expect(run.server.seen.map(({ url }) => url)).toEqual([
      '/usertesting/api/v1/workspaces/w%2F1',
      '/usertesting/api/v1/workspaces/w%2F1?after=MQ%3D%3D',
    ]);
  });
});

describe('trying again', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['a 500', (response) => void response.writeHead(500).end()],
    ['a 408', (response) => void response.writeHead(408).end()],
    ['a 425', (response) => void response.writeHead(425).end()],
    ['a 429', (response) => void response.writeHead(429).end()],
    ['a 404 of a gateway', (response) => void response.writeHead(404).end('<html>')],
    ['a cut connection', (response) => void response.destroy()],
    [
      'a body cut off',
      (response) => void response.writeHead(200, { 'content-length': 99 }).write('[', () => response.destroy()),
    ],
    [
      'an error whose body is cut off',
      (response) => void response.writeHead(503, { 'content-length': 99 }).write('x', () => response.destroy()),
    ],
    ['a body that is not JSON', (response) => void response.end('<html>')],
    ['a body of another shape', (response) => void response.end('{"workspaces":[]}')],
  ])('%s is tried again', async (_what, fail) => {
    await using run = await listing(failing(2, fail, []));
    expect(await run.client.workspaces()).toEqual([]);
    expect(run.server.seen).toHaveLength(3);
  });

  it('the log says why in words, not with the code of an error', async () => {
    await using run = await listing(failing(1, (response) => void response.destroy(), []));
    await run.client.workspaces();
    expect(run.bench.log.join()).toContain('"reason":"the connection was cut"');
  });

  it('an answer that hangs is abandoned at the deadline, and each try has a deadline of its own', async () => {
    await using run = await listing(
      failing(2, () => undefined, []),
      { requestTimeoutMs: 200 },
    );
    expect(await run.client.workspaces()).toEqual([]);
    expect(run.server.seen).toHaveLength(3);
  });

  it('each try has a deadline of its own also with a signal', async () => {
    const { signal } = new AbortController();
    await using run = await listing(
      failing(2, () => undefined, []),
      { requestTimeoutMs: 200, signal },
    );
    expect(await run.client.workspaces()).toEqual([]);
    expect(run.server.seen).toHaveLength(3);
  });

  it('a body that never ends is abandoned at the deadline', async () => {
    const drip = (response: ServerResponse) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    };
    await using run = await listing(failing(1, drip, []), { requestTimeoutMs: 200 });
    expect(await run.client.workspaces()).toEqual([]);
  });

  it('never happens sooner than Retry-After asks, and says when', async () => {
    const fail = (response: ServerResponse) => void response.writeHead(429, { 'retry-after': '1' }).end();
    await using run = await listing(failing(1, fail, []));
    await run.client.workspaces();
    const [first, second] = run.server.seen;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
    expect(run.bench.log.join()).toContain('trying again in 1 s, as it asks');
  });

  it.each([
    [503, TransientError, 'unclassified_error'],
    [429, ThrottledError, 'rate_limited_then_failed'],
  ] as const)('ends after the retries with what %i means', async (status, errorClass, type) => {
    await using run = await listing((response) => void response.writeHead(status).end('{"code":"a","b":1}'), {
      retries: 2,
    });
    const error = await run.client.workspaces().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status, type, body: { code: 'a' } });
    expect(run.server.seen).toHaveLength(3);
  });

  it('ends with an invalid response, whose body is not kept, when that is all that comes', async () => {
    await using run = await listing((response) => json(response, {}), { retries: 1 });
    await expect(run.client.page('w', null)).rejects.toMatchObject({
      type: 'invalid_response',
      status: 200,
      body: null,
    });
    expect(run.server.seen).toHaveLength(2);
  });

  it("ends with a 404 that is not the API's, which says so, when that is all that comes", async () => {
    await using run = await listing((response) => void response.writeHead(404).end('no Route'), { retries: 1 });
    const error = await run.client.page('w', null).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ForeignAnswerError', status: 404, body: null, attempts: 2 });
    expect(String(error)).not.toContain('credentials');
  });

  it.each([302, 400, 403, 404])('a %i is final', async (status) => {
    await using run = await listing(
      (response) => void response.writeHead(status, { location: '/x' }).end('{"code":"a","b":1}'),
    );
    const error = await run.client.page('w', null).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ status, body: { code: 'a' } });
    expect(run.server.seen).toHaveLength(1);
  });

  it('a wait ends with the reason of the signal when it fires', async () => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    const fail = (response: ServerResponse) => {
      response.once('close', () => stop.abort(reason));
      response.writeHead(429, { 'retry-after': '600' }).end();
    };
    await using run = await listing(fail, { signal: stop.signal });
    await expect(run.client.workspaces()).rejects.toBe(reason);
  });
});

describe('the token', () => {
  it('that was accepted is used again without reading Redis, so that a listing never waits for it', async () => {
    await using run = await listing((response) => json(response, []));
    await run.client.workspaces();
    const { redis, prefix } = run.bench;
    await redis.del(...(await redis.keys(`${prefix}*`)));
    await run.client.workspaces();
    expect(run.server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer fresh-1', 'Bearer fresh-1']);
    expect(run.bench.endpoint.seen).toHaveLength(1);
  });

  it('is read from Redis once a newer one is due', async () => {
    const brief = {
      expiresAt: Math.ceil(Date.now() / 1000) + 60,
      obtainedAt: Date.now() - 60_000,
      lifetimeMs: 120_000,
    };
    const tokens = ['old', 'new'].map((accessToken, generation) => ({ accessToken, generation, ...brief }));
    const keeper = {
      current: async () => tokens.shift() ?? fail(),
      renew: async () => fail(),
      accepted: async () => undefined,
    };
    await using run = await listing((response) => json(response, []), { tokens: keeper });
    await run.client.workspaces();
    await run.client.workspaces();
    expect(run.server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  function fail(): never {
    throw new Error('nobody should ask for another token');
  }
});

describe('a refused token', () => {
  it('is replaced once, then the request is repeated', async () => {
    await using run = await listing((response, { headers }) => {
      if (headers.authorization === 'Bearer fresh-2') json(response, []);
      else response.writeHead(401).end();
    });
    expect(await run.client.workspaces()).toEqual([]);
    expect(run.bench.endpoint.seen).toHaveLength(2);
  });

  it('that another process has replaced meanwhile does not count: the shared one is replaced once too', async () => {
    let good = 'Bearer fresh-1';
    await using run = await listing((response, { headers }) => {
      if (headers.authorization === good) json(response, []);
      else response.writeHead(401).end();
    });
    await run.client.workspaces();
    const other = run.bench.keeper();
    await other.renew(await other.current());
    good = 'Bearer fresh-3';
    expect(await run.client.workspaces()).toEqual([]);
    expect(run.server.seen.map(({ headers }) => headers.authorization)).toEqual(
      ['fresh-1', 'fresh-1', 'fresh-2', 'fresh-3'].map((token) => `Bearer ${token}`),
    );
  });

  it('is an error when the second one is refused too, with no secret in it', async () => {
    const mark = randomUUID();
    await using run = await listing((response, { headers }) => {
      response.writeHead(401).end(JSON.stringify({ code: mark, message: headers.authorization }));
    });
    const error = await run.client.workspaces().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnauthorizedError);
    expect(error).toMatchObject({ body: { code: mark, message: 'Bearer [secret]' } });
    expect(run.server.seen).toHaveLength(2);
    expect(run.bench.log.join('')).not.toContain('fresh-');
  });
});
